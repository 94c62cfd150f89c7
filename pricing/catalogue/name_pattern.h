// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/result.h"
#include "pricing/catalogue/catalogue.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// Error for a regular expression that cannot be read; `where` is empty.
Status checkPattern(const NamePattern &pattern);

/// "starts_with claude-opus-4-6", "one of 4", for people.
std::string describePattern(const NamePattern &pattern);

/// A pattern made ready to be asked often. Immutable and safe to share between threads.
class NameMatcher
{
public:
    /// A pattern that checkPattern() refuses matches nothing.
    explicit NameMatcher(const NamePattern &pattern);
    ~NameMatcher();
    NameMatcher(NameMatcher &&) noexcept;
    NameMatcher &operator=(NameMatcher &&) noexcept;

    /// The innermost pattern that the name meets, null when there is none. Names beyond 512 characters meet nothing:
    /// no model has such a name, and a regular expression may need a stack that grows with it.
    [[nodiscard]] const NamePattern *match(std::string_view name) const;

private:
    struct Node;
    std::unique_ptr<Node> m_root;
};

} // namespace perunit
