// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/base/error.h"

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

namespace perunit {

/// Either a value or the Error that explains why there is none.
/// Asking for the part that is not there is a broken invariant and aborts.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {}
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {}

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] const T &value() const &
    {
        require(ok());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T &value() &
    {
        require(ok());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T &&value() &&
    {
        require(ok());
        return std::get<0>(std::move(m_state));
    }
    [[nodiscard]] const Error &error() const
    {
        require(!ok());
        return std::get<1>(m_state);
    }

    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }

private:
    static void require(bool condition)
    {
        if (!condition) {
            std::fputs("perunit: a Result was read on its empty side\n", stderr);
            std::abort();
        }
    }

    std::variant<T, Error> m_state;
};

/// A Result without a value: it worked, or it did not.
class [[nodiscard]] Status
{
public:
    Status() = default;
    Status(Error error)
        : m_error(std::move(error))
        , m_ok(false)
    {}

    [[nodiscard]] bool ok() const { return m_ok; }
    explicit operator bool() const { return m_ok; }
    [[nodiscard]] const Error &error() const { return m_error; }

private:
    Error m_error;
    bool m_ok = true;
};

} // namespace perunit
