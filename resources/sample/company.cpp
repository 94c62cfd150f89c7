// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/sample/company.h"

#include "resources/sample/calendar.h"

namespace perunit::sample {

const std::vector<Customer> &customers()
{
    static const std::vector<Customer> all{
        {"Harbourline Insurance", Home::Europe, 430}, {"Alder Bank", Home::Europe, 62},
        {"Bluepeak Mutual", Home::America, 58},       {"Cedarfield Health", Home::America, 55},
        {"Delmar Logistics", Home::Europe, 50},       {"Eastgate Energy", Home::Europe, 47},
        {"Fairmont Leasing", Home::America, 44},      {"Glenhaven Pensions", Home::Europe, 41},
        {"Hollis Telecom", Home::America, 39},        {"Ironbridge Rail", Home::Europe, 37},
        {"Juniper Credit", Home::America, 35},        {"Kestrel Airways", Home::Europe, 33},
        {"Larkspur Retail", Home::Europe, 31},        {"Maplewood Clinics", Home::America, 30},
        {"Northmoor Water", Home::Europe, 28},        {"Oakridge Realty", Home::America, 27},
        {"Pinecrest Motors", Home::America, 26},      {"Quillon Legal", Home::Europe, 24},
        {"Riverton Foods", Home::Europe, 23},         {"Saltmarsh Shipping", Home::Europe, 22},
        {"Thornbury Homes", Home::Europe, 21},        {"Umber Textiles", Home::Europe, 20},
        {"Valley Transit", Home::America, 19},        {"Westbrook Savings", Home::America, 18},
        {"Yarrow Pharma", Home::Europe, 17},          {"Zenith Travel", Home::America, 16},
        {"Ashdown Paper", Home::Europe, 15},          {"Birchwood Schools", Home::America, 14},
        {"Copperhill Mining", Home::America, 13},     {"Dunmore Dairy", Home::Europe, 12},
        {"Elmstead Parcel", Home::Europe, 11},        {"Foxglove Media", Home::Europe, 11},
        {"Granby Tools", Home::America, 10},          {"Heronsgate Hotels", Home::Europe, 9},
        {"Islay Fisheries", Home::Europe, 8},         {"Jasper Steel", Home::America, 8},
        {"Kingsway Cinemas", Home::Europe, 7},        {"Linden Gardens", Home::Europe, 6},
        {"Mossbank Sports", Home::America, 5},        {"Nettlecombe Wines", Home::Europe, 4}};
    return all;
}

const Customer &anyCustomer(Random &random)
{
    static const std::vector<std::int64_t> weights = weightsOf(customers());
    return customers()[random.pick(weights)];
}

double dayFactor(Random &random, int day, int weekend)
{
    static constexpr std::array<int, 5> weekdays{112, 107, 103, 98, 90};
    constexpr double growthPerDay = 0.03922071315328133 / 30.4375; // ln 1.04 over a mean month
    const int weekday = weekdayOf(day);
    const double share = (weekday < 5 ? weekdays[static_cast<std::size_t>(weekday)] : weekend) / 100.0;
    return share * exponential(growthPerDay * day) * random.logNormal(1.0, 0.05);
}

std::int64_t timeOfDay(Random &random, const std::array<int, 24> &hours)
{
    const std::size_t hour = random.pick({hours.begin(), hours.end()});
    return static_cast<std::int64_t>(hour) * millisPerHour + random.whole(0, millisPerHour - 1);
}

} // namespace perunit::sample
