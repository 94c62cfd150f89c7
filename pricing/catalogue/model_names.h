// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace perunit {

/// A recorded model name with some of its documented wrapping taken off.
struct NameForm {
    std::string provider; ///< canonical seller: the recorded one, or the one a wrapper names; may be empty
    std::string name;
    std::string region;  ///< what the wrapping said about the place, "us" of "us.anthropic.…"
    std::string removed; ///< what was taken off, for people: "prefix openai/, region prefix us."
};

/// The name as recorded, then one more piece of wrapping taken off at a time (catalogue-formats.md §7, step 4).
/// `provider` is canonical, empty when none is recorded.
std::vector<NameForm> nameForms(std::string_view provider, std::string_view model);

/// The form without ONE real calendar date at its end (-YYYYMMDD or -YYYY-MM-DD); nothing when there is none.
std::optional<NameForm> withoutDate(const NameForm &form);

/// "claude-4.5-haiku" as Anthropic writes it: "claude-haiku-4.5" and "claude-haiku-4-5", which name one model.
/// OpenRouter (permanent slugs, "anthropic/claude-4.5-haiku-20251001") and Cursor put the version in front. Empty when
/// the name is none of these.
std::vector<NameForm> withVersionLast(const NameForm &form);

/// The form without the place that gateways put in front of an id: "eu/…", "us-east-1/…", "us.anthropic.…".
NameForm withoutPlace(NameForm form);

/// "ft:BASE" of "ft:BASE:organisation::id"; nothing when the name is no fine-tune of that form.
std::optional<std::string> fineTuneEntry(std::string_view model);

/// A region as it is compared: lower case, without blanks and punctuation.
std::string foldedRegion(std::string_view region);

} // namespace perunit
