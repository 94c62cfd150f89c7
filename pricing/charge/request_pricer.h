// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/charge/price_request.h"

#include <memory>
#include <string_view>

namespace perunit {

/// Prices many requests: what priceRequest() says, to the last digit, without resolving the same name and selecting the
/// same prices again. Keeps what it has seen, so it is for one thread; several may share a book.
class RequestPricer
{
public:
    /// The book must outlive the pricer.
    explicit RequestPricer(const PriceBook &book);
    ~RequestPricer();
    RequestPricer(const RequestPricer &) = delete;
    RequestPricer &operator=(const RequestPricer &) = delete;

    PricedRequest price(const RequestToPrice &request);

private:
    struct Memory;
    const PriceBook &m_book;
    std::unique_ptr<Memory> m_memory;
};

} // namespace perunit
