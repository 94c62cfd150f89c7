// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/price_sheet_rows.h"

#include "model/import/date_text.h"
#include "model/import/ledger_format.h"
#include "model/import/number_text.h"
#include "model/import/price_unit.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <limits>

namespace perunit {

namespace {

constexpr std::int64_t femtoPerDollarPerMillion = 1'000'000'000;

/// A column that holds prices.
struct PriceColumn {
    std::size_t index = 0;
    std::string field;                    ///< key in PriceSheetMapping::units
    std::optional<UsageClass> usageClass; ///< empty: the row says it
    std::optional<ServiceTier> tier;
    std::optional<PriceUnit> unit; ///< of the header
    std::string currency;          ///< of the header
    NumberEvidence evidence;
    NumberStyle style = NumberStyle::PointDecimal;
};

std::string lowerText(std::string_view text)
{
    return lowered(trimmed(text));
}

/// "200k", "> 200,000", "<= 128K": the base band, or a threshold.
struct ThresholdText {
    bool understood = false;
    std::optional<ContextThreshold> threshold;
};

ThresholdText thresholdIn(std::string_view cell, bool inclusive)
{
    std::string text = lowerText(cell);
    if (isNullWord(text) || text == "0" || text == "any" || text == "all" || text == "base" || text == "standard")
        return {true, std::nullopt};
    const auto take = [&text](std::string_view beginning) {
        if (!text.starts_with(beginning))
            return false;
        text = std::string(trimmed(std::string_view(text).substr(beginning.size())));
        return true;
    };
    if (take("<=") || take("\xE2\x89\xA4") || take("<") || take("up to") || take("bis"))
        return {true, std::nullopt};
    if (take(">=") || take("\xE2\x89\xA5") || take("from") || take("ab"))
        inclusive = true;
    else if (take(">") || take("above") || take("over")
             || take("\xC3\xBC"
                     "ber"))
        inclusive = false;
    for (const std::string_view end : {"tokens", "token"}) {
        if (text.ends_with(end))
            text = std::string(trimmed(std::string_view(text).substr(0, text.size() - end.size())));
    }
    std::int64_t factor = 1;
    if (!text.empty() && (text.back() == 'k' || text.back() == 'm')) {
        factor = text.back() == 'k' ? 1000 : 1'000'000;
        text = std::string(trimmed(std::string_view(text).substr(0, text.size() - 1)));
    }
    const auto number = parseWhole(text, NumberStyle::PointDecimal);
    if (!number || !*number || **number <= 0 || **number > 1'000'000'000'000 / factor)
        return {};
    return {true, ContextThreshold{**number * factor, inclusive}};
}

bool isFreeWord(std::string_view cell)
{
    const std::string word = lowerText(cell);
    return word == "free" || word == "gratis" || word == "kostenlos";
}

class SheetReader
{
public:
    SheetReader(const TableShape &shape, const PriceSheetMapping &mapping, CatalogueReading reading)
        : m_shape(shape)
        , m_mapping(mapping)
        , m_stated(reading == CatalogueReading::Stated)
    {}

    Result<SheetRows> read(const std::string &text)
    {
        if (const Status status = findColumns(); !status)
            return status.error();
        if (const Status status = scan(text, [this](const CsvRecord &record) { observe(record); }); !status)
            return status.error();
        decide();
        if (const Status status = scan(text, [this](const CsvRecord &record) { convert(record); }); !status)
            return status.error();
        settleCurrency();
        return std::move(m_result);
    }

private:
    void issue(std::int64_t line, const std::string &column, std::string reason)
    {
        m_result.issues.push_back({sheetPlace(line, column), std::move(reason)});
    }

    [[nodiscard]] int indexOf(const std::string &column) const
    {
        const auto found = std::find(m_shape.header.begin(), m_shape.header.end(), column);
        return found == m_shape.header.end() ? -1 : static_cast<int>(found - m_shape.header.begin());
    }

    Status findColumns()
    {
        for (const auto &[field, column] : m_mapping.columns) {
            const int index = indexOf(column);
            if (index < 0) {
                std::string known;
                for (const std::string &name : m_shape.header)
                    known += (known.empty() ? "'" : ", '") + name + "'";
                return Error{ErrorCode::BadInput, "the sheet has no column '" + column + "'", "columns." + field,
                             "it has " + known};
            }
            const std::size_t colon = field.find(':');
            const auto usageClass = usageClassNamed(colon == std::string::npos ? field : field.substr(colon + 1));
            if (!usageClass && field != "price") {
                m_fields[field] = static_cast<std::size_t>(index);
                continue;
            }
            PriceColumn price;
            price.index = static_cast<std::size_t>(index);
            price.field = field;
            price.usageClass = usageClass;
            if (colon != std::string::npos)
                price.tier = serviceTierNamed(field.substr(0, colon));
            const PriceWords words = priceWordsIn(column);
            price.unit = words.unit;
            price.currency = words.currency;
            m_prices.push_back(std::move(price));
        }
        std::stable_sort(m_prices.begin(), m_prices.end(),
                         [](const PriceColumn &a, const PriceColumn &b) { return a.index < b.index; });
        return {};
    }

    template <typename Visit>
    Status scan(const std::string &text, const Visit &visit)
    {
        StringInput input(text);
        CsvReader reader(input, m_shape.dialect.delimiter);
        CsvRecord record;
        while (true) {
            const auto more = reader.next(record);
            if (!more)
                return more.error();
            if (!*more)
                return {};
            if (record.line > m_shape.headerLine && !record.isBlank())
                visit(record);
        }
    }

    [[nodiscard]] std::string_view cell(const CsvRecord &record, const std::string &field) const
    {
        const auto found = m_fields.find(field);
        if (found != m_fields.end() && found->second < record.fields.size()) {
            const std::string_view text = trimmed(record.fields[found->second]);
            if (!isNullWord(text))
                return text;
        }
        const auto constant = m_mapping.constants.find(field);
        return constant == m_mapping.constants.end() ? std::string_view{} : std::string_view(constant->second);
    }

    [[nodiscard]] std::string columnOf(const std::string &field) const
    {
        const auto found = m_mapping.columns.find(field);
        return found == m_mapping.columns.end() ? "" : found->second;
    }

    void observe(const CsvRecord &record)
    {
        for (PriceColumn &price : m_prices) {
            if (price.index < record.fields.size())
                price.evidence.add(record.fields[price.index]);
        }
        for (const char *field : {"valid_from", "valid_to"})
            m_dates[field].add(cell(record, field));
    }

    void decide()
    {
        NumberEvidence allNumbers;
        for (const PriceColumn &price : m_prices)
            allNumbers.add(price.evidence);
        for (PriceColumn &price : m_prices) {
            const NumberDecision decision = decideNumbers(price.evidence, allNumbers, m_shape.dialect.delimiter);
            price.style = decision.style;
            if (!decision.warning.empty())
                issue(m_shape.headerLine, m_shape.header[price.index], "the column " + decision.warning);
        }
        DateEvidence allDates;
        for (const auto &[field, evidence] : m_dates)
            allDates.add(evidence);
        for (const auto &[field, evidence] : m_dates) {
            const DateDecision decision = decideDates(evidence, allDates);
            m_dateOrders[field] = decision.order;
            if (!decision.warning.empty())
                issue(m_shape.headerLine, columnOf(field), "the column " + decision.warning);
        }
    }

    void convert(const CsvRecord &record)
    {
        if (record.malformed)
            return issue(record.line, "", "text follows a closing quote; the row is left out");
        const std::size_t width = m_shape.header.size();
        const bool tooLong =
            std::any_of(record.fields.begin() + static_cast<std::ptrdiff_t>(std::min(width, record.fields.size())),
                        record.fields.end(), [](std::string_view field) { return !trimmed(field).empty(); });
        if (record.fields.size() < width || tooLong)
            return issue(record.line, "",
                         "the row has " + std::to_string(record.fields.size()) + " fields and the header "
                             + std::to_string(width) + "; the row is left out");
        SheetRow row;
        row.line = record.line;
        ServiceTier tier = ServiceTier::Standard;
        if (!readModel(record, row) || !readConditions(record, row, tier))
            return;
        for (const PriceColumn &column : m_prices)
            readPrice(record, column, tier, row);
        if (!row.prices.empty())
            m_result.rows.push_back(std::move(row));
    }

    bool readModel(const CsvRecord &record, SheetRow &row)
    {
        const std::string_view model = cell(record, "model");
        if (model.empty()) {
            issue(record.line, columnOf("model"), "no model is named; the row is left out");
            return false;
        }
        row.recordedModel = model;
        row.model = {canonicalProvider(cell(record, "provider")), std::string(model)};
        const std::size_t slash = model.find('/');
        if (slash != std::string_view::npos && slash > 0 && slash + 1 < model.size()) {
            const std::string_view prefix = model.substr(0, slash);
            if (row.model.provider.empty() && isKnownProvider(prefix))
                row.model.provider = canonicalProvider(prefix);
            if (!row.model.provider.empty() && canonicalProvider(prefix) == row.model.provider)
                row.model.model = model.substr(slash + 1);
        }
        if (row.model.provider.empty()) {
            issue(record.line, columnOf("provider"), "no provider is named; the row is left out");
            return false;
        }
        row.displayName = cell(record, "display_name");
        row.region = cell(record, "region");
        row.source = cell(record, "source");
        row.note = cell(record, "note");
        row.checked = cell(record, "checked");
        return true;
    }

    bool readConditions(const CsvRecord &record, SheetRow &row, ServiceTier &tier)
    {
        for (const auto &[field, target] :
             {std::pair("valid_from", &row.validFrom), std::pair("valid_to", &row.validTo)}) {
            const std::string_view text = cell(record, field);
            if (text.empty())
                continue;
            const auto at = parseTime(text, m_dateOrders[field]);
            if (!at) {
                issue(record.line, columnOf(field),
                      "'" + std::string(text) + "' " + at.error().what + "; the row is left out");
                return false;
            }
            *target = *at;
        }
        const std::string_view tierText = cell(record, "tier");
        const auto known = lowerText(tierText) == "fast" ? std::optional(ServiceTier::Fast) : tierFromText(tierText);
        if (!known || *known == ServiceTier::Provisioned) {
            issue(record.line, columnOf("tier"),
                  "'" + std::string(tierText) + "' is not a tier with prices for use; the row is left out");
            return false;
        }
        tier = *known;
        const std::string_view thresholdText = cell(record, "threshold");
        const ThresholdText threshold = thresholdIn(thresholdText, m_mapping.thresholdInclusive);
        if (!threshold.understood) {
            issue(record.line, columnOf("threshold"),
                  "'" + std::string(thresholdText) + "' is not a number of prompt tokens; the row is left out");
            return false;
        }
        row.threshold = threshold.threshold;
        return true;
    }

    void readPrice(const CsvRecord &record, const PriceColumn &column, ServiceTier tier, SheetRow &row)
    {
        const std::string_view text = trimmed(record.fields[column.index]);
        const std::string &header = m_shape.header[column.index];
        if (isNullWord(text))
            return;
        SheetPrice price;
        price.line = record.line;
        price.column = header;
        price.tier = column.tier.value_or(tier);
        std::optional<PriceUnit> meterUnit;
        if (column.usageClass) {
            price.usageClass = *column.usageClass;
        } else {
            const std::string_view meter = cell(record, "class");
            const PriceWords words = priceWordsIn(meter);
            const auto named = usageClassNamed(lowerText(meter));
            if (!named && (!words.usageClass || !words.understood))
                return issue(record.line, columnOf("class"),
                             "'" + std::string(meter) + "' is not a usage class that is known; the price is left out");
            price.usageClass = named ? *named : *words.usageClass;
            price.tier = words.tier.value_or(tier);
            meterUnit = words.unit;
        }
        const auto unit = unitOf(record, column, price.usageClass, meterUnit);
        if (!unit)
            return;
        if (!readAmount(text, column, *unit, price))
            return;
        price.currency = currencyOf(record, column, text);
        row.prices.push_back(std::move(price));
    }

    /// How many tokens or events the price is for; says what is wrong when nobody says it.
    std::optional<std::int64_t> unitOf(const CsvRecord &record, const PriceColumn &column, UsageClass usageClass,
                                       const std::optional<PriceUnit> &meterUnit)
    {
        const std::string &header = m_shape.header[column.index];
        std::vector<std::optional<PriceUnit>> candidates;
        for (const std::string &key : {column.field, std::string("*")}) {
            if (const auto found = m_mapping.units.find(key); found != m_mapping.units.end())
                candidates.push_back(priceUnitIn(found->second));
        }
        const std::string_view unitText = cell(record, "unit");
        if (!unitText.empty()) {
            candidates.push_back(priceUnitIn(unitText));
            if (candidates.size() == 1 && !candidates.front()) {
                issue(record.line, columnOf("unit"),
                      "'" + std::string(unitText) + "' is not a unit that is known; the price is left out");
                return std::nullopt;
            }
        }
        candidates.push_back(column.unit);
        candidates.push_back(meterUnit);
        std::erase(candidates, std::nullopt);
        for (const auto &unit : candidates) {
            if (const auto count = countPriced(*unit, usageClass))
                return count;
        }
        issue(record.line, header,
              candidates.empty()
                  ? "no unit says for how much this price is; the price is left out"
                  : "the unit does not go with " + std::string(nameOf(usageClass)) + "; the price is left out");
        return std::nullopt;
    }

    bool readAmount(std::string_view text, const PriceColumn &column, std::int64_t count, SheetPrice &price)
    {
        const std::string &header = m_shape.header[column.index];
        if (isFreeWord(text)) {
            price.price = {};
            return true;
        }
        std::string buffer;
        const auto plain = plainNumber(text, column.style, buffer);
        if (!plain) {
            issue(price.line, header, "'" + std::string(text) + "' " + plain.error().what + "; the price is left out");
            return false;
        }
        const auto number = parseDecimal(*plain, Femto::scale);
        if (!number || number->units < 0) {
            issue(price.line, header,
                  "'" + std::string(text) + "' is not a price of at least 0; the price is left out");
            return false;
        }
        const Int128 femto = divideHalfEven(number->units, count);
        if (femto > std::numeric_limits<std::int64_t>::max()) {
            issue(price.line, header,
                  "'" + std::string(text) + "' is larger than a price can be; the price is left out");
            return false;
        }
        price.price = {static_cast<std::int64_t>(femto), number->rounded || number->units % count != 0};
        if (!m_stated || femto == 0 || !isTokenClass(price.usageClass))
            return true;
        if (femto < 1000 * femtoPerDollarPerMillion && femto > femtoPerDollarPerMillion / 10'000)
            return true;
        issue(price.line, header,
              formatDecimal(femto, 9) + " for a million tokens cannot be right: check the unit; the price is left out");
        return false;
    }

    /// The currency column, the sign beside the amount, the header, in this order; empty when nothing says it.
    [[nodiscard]] std::string currencyOf(const CsvRecord &record, const PriceColumn &column,
                                         std::string_view text) const
    {
        const auto found = m_fields.find("currency");
        if (found != m_fields.end() && !isNullWord(record.fields[found->second])) {
            const std::string code = currencyIn(record.fields[found->second]);
            std::string raw(trimmed(record.fields[found->second]));
            std::transform(raw.begin(), raw.end(), raw.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
            return code.empty() ? raw : code;
        }
        const std::string beside = currencyIn(text);
        return beside.empty() ? column.currency : beside;
    }

    /// One currency a sheet: the one that the mapping names, else that of most prices.
    void settleCurrency()
    {
        std::map<std::string, std::int64_t> counts;
        for (const SheetRow &row : m_result.rows) {
            for (const SheetPrice &price : row.prices) {
                if (!price.currency.empty() && price.currency != "?")
                    ++counts[price.currency];
            }
        }
        const auto named = m_mapping.constants.find("currency");
        if (named != m_mapping.constants.end())
            m_result.currency = named->second;
        else if (!counts.empty())
            m_result.currency = std::max_element(counts.begin(), counts.end(), [](const auto &a, const auto &b) {
                                    return a.second < b.second;
                                })->first;
        else {
            m_result.currency = "USD";
            if (!m_result.rows.empty())
                issue(m_shape.headerLine, "", "no currency is stated; the prices were read as USD");
        }
        for (SheetRow &row : m_result.rows) {
            std::erase_if(row.prices, [this, &named](const SheetPrice &price) {
                const bool unclear = price.currency == "?" && named == m_mapping.constants.end();
                if (!unclear
                    && (price.currency.empty() || price.currency == "?" || price.currency == m_result.currency))
                    return false;
                issue(
                    price.line, price.column,
                    unclear
                        ? "the sign stands for two currencies: name the currency in the mapping; the price is left out"
                        : "priced in " + price.currency + " while the sheet is read in " + m_result.currency
                              + "; the price is left out");
                return true;
            });
        }
        std::erase_if(m_result.rows, [](const SheetRow &row) { return row.prices.empty(); });
    }

    const TableShape &m_shape;
    const PriceSheetMapping &m_mapping;
    bool m_stated = true;
    std::map<std::string, std::size_t> m_fields;
    std::vector<PriceColumn> m_prices;
    std::map<std::string, DateEvidence> m_dates;
    std::map<std::string, DateOrder> m_dateOrders;
    SheetRows m_result;
};

} // namespace

std::string sheetPlace(std::int64_t line, const std::string &column)
{
    return "line " + std::to_string(line) + (column.empty() ? "" : ", column " + column);
}

Result<SheetRows> readSheetRows(const std::string &text, const TableShape &shape, const PriceSheetMapping &mapping,
                                CatalogueReading reading)
{
    return SheetReader(shape, mapping, reading).read(text);
}

} // namespace perunit
