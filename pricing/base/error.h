// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace perunit {

/// What kind of thing went wrong. Callers branch on it; people read Error::what.
enum class ErrorCode {
    BadInput,    ///< a file or a value does not say what it must
    NotFound,    ///< a named thing (file, model, unit, scenario) does not exist
    Unsupported, ///< understood, but this program cannot do it
    Conflict,    ///< contradicts something that is already there
    Overflow,    ///< a number outgrew its exact type
    Io,          ///< the file system or the database refused
    Cancelled    ///< the user stopped it
};

/// An expected failure: what happened, where, and what the user can do about it.
struct Error {
    ErrorCode code = ErrorCode::BadInput;
    /// One sentence without a full stop: "output_tokens is not a number".
    std::string what;
    /// Grows outward: "ledger.csv, line 12, column 'output_tokens'". Empty when there is no place.
    std::string where;
    /// What to do next: "map another column". May be empty.
    std::string remedy;

    /// The same error seen from one level further out; `outer` is put in front of `where`.
    [[nodiscard]] Error in(std::string_view outer) const
    {
        Error result = *this;
        result.where = where.empty() ? std::string(outer) : std::string(outer) + ", " + where;
        return result;
    }

    /// "where: what; remedy", for logs, tests and the command line.
    [[nodiscard]] std::string text() const
    {
        std::string result = where.empty() ? what : where + ": " + what;
        if (!remedy.empty())
            result += "; " + remedy;
        return result;
    }

    bool operator==(const Error &) const = default;
};

} // namespace perunit
