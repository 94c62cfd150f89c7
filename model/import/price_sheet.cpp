// SPDX-License-Identifier: GPL-3.0-or-later
// Price sheets: from the rows of a table to a catalogue.
#include "model/import/price_sheet.h"

#include "model/import/price_sheet_rows.h"
#include "pricing/catalogue/catalogue_formats.h"
#include "pricing/catalogue/model_names.h"
#include "pricing/catalogue/provider_names.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace perunit {

namespace {

/// Bytes that are already in memory.
class MemorySource : public ByteSource
{
public:
    explicit MemorySource(std::string_view bytes)
        : m_rest(bytes)
        , m_size(static_cast<std::int64_t>(bytes.size()))
    {}
    Result<std::size_t> read(char *to, std::size_t size) override
    {
        const std::size_t count = std::min(size, m_rest.size());
        m_rest.copy(to, count);
        m_rest.remove_prefix(count);
        return count;
    }
    Result<std::string> digest() override { return std::string(); }
    [[nodiscard]] std::int64_t fileSize() const override { return m_size; }

private:
    std::string_view m_rest;
    std::int64_t m_size = 0;
};

struct DecodedText {
    std::string text;
    bool valid = true;
};

Result<DecodedText> decoded(std::string_view bytes, TextEncoding encoding)
{
    MemorySource source(bytes);
    TextDecoder decoder(source, encoding);
    DecodedText result;
    std::string piece(64 * 1024, '\0');
    while (true) {
        const auto count = decoder.read(piece.data(), piece.size());
        if (!count)
            return count.error();
        if (*count == 0)
            break;
        result.text.append(piece, 0, *count);
    }
    result.valid = decoder.valid();
    return result;
}

/// What makes two prices of one model stand for the same case.
using Conditions = std::tuple<ServiceTier, std::string, std::int64_t, bool>;

/// A rate with the line that every price of it came from.
struct SheetRate {
    Conditions conditions;
    Rate rate;
    std::array<std::int64_t, usageClassCount> lines{};
    std::array<std::string, usageClassCount> columns;
};

struct SheetModel {
    CatalogueModel model;
    std::vector<SheetRate> rates;
};

class SheetCatalogue
{
public:
    SheetCatalogue(CatalogueImport &result, std::string_view fileName, const CatalogueOptions &options,
                   const PriceSheetMapping &mapping)
        : m_result(result)
        , m_fileName(fileName)
        , m_options(options)
        , m_mapping(mapping)
    {}

    void build(const std::vector<SheetRow> &rows)
    {
        m_inclusive = m_mapping.validToInclusive ? *m_mapping.validToInclusive : lastDaysAreInclusive(rows);
        for (const SheetRow &row : rows)
            add(row);
        for (SheetModel &model : m_models) {
            reportOverlaps(model);
            if (m_options.reading == CatalogueReading::Stated)
                leaveOutWhatCannotBe(model);
            for (SheetRate &each : model.rates) {
                const auto &prices = each.rate.prices;
                if (std::any_of(prices.begin(), prices.end(), [](const auto &price) { return price.has_value(); }))
                    model.model.rates.push_back(std::move(each.rate));
            }
            if (!model.model.rates.empty())
                m_result.catalogue.models.push_back(std::move(model.model));
        }
    }

private:
    void issue(std::int64_t line, const std::string &column, std::string reason)
    {
        m_result.issues.push_back({sheetPlace(line, column), std::move(reason)});
    }

    static Instant dayAfter(Instant day) { return {day.micros + microsPerDay}; }

    /// Whether prices end with the day that is written or before it. The dates of following prices tell; else month
    /// ends do, which nobody writes for a price that ended the day before.
    bool lastDaysAreInclusive(const std::vector<SheetRow> &rows)
    {
        std::size_t next = 0;
        std::size_t same = 0;
        std::size_t ends = 0;
        std::size_t monthEnds = 0;
        const SheetRow *first = nullptr;
        for (const SheetRow &row : rows) {
            if (!row.validTo)
                continue;
            first = first ? first : &row;
            ++ends;
            monthEnds += monthOf(*row.validTo) != monthOf(dayAfter(*row.validTo)) ? 1 : 0;
            for (const SheetRow &other : rows) {
                if (!(other.model == row.model) || !other.validFrom)
                    continue;
                same += *other.validFrom == *row.validTo ? 1 : 0;
                next += *other.validFrom == dayAfter(*row.validTo) ? 1 : 0;
            }
        }
        if (next != same)
            return next > same;
        if (ends == 0 || monthEnds == ends)
            return ends > 0;
        issue(first->line, m_mapping.columns.contains("valid_to") ? m_mapping.columns.at("valid_to") : "",
              "nothing says whether a price still holds on its last day; it was read as ending when that day begins "
              "(\"valid_to_inclusive\" in the mapping decides)");
        return false;
    }

    std::optional<Period> validityOf(const SheetRow &row)
    {
        Period valid{row.validFrom.value_or(m_options.effectiveFrom), alwaysAfter};
        if (row.validTo)
            valid.to = m_inclusive ? dayAfter(*row.validTo) : *row.validTo;
        if (!valid.isEmpty())
            return valid;
        issue(row.line, "", "the price ends before it begins; the row is left out");
        return std::nullopt;
    }

    SheetModel &modelOf(const SheetRow &row)
    {
        const auto [found, added] =
            m_index.emplace(std::pair(row.model.provider, lowered(row.model.model)), m_models.size());
        if (added) {
            m_models.emplace_back();
            m_models.back().model.key = row.model;
            m_models.back().model.displayName = row.displayName.empty() ? row.model.model : row.displayName;
        }
        CatalogueModel &model = m_models[found->second].model;
        if (row.recordedModel != model.key.model
            && std::find(model.aliases.begin(), model.aliases.end(), row.recordedModel) == model.aliases.end())
            model.aliases.push_back(row.recordedModel);
        return m_models[found->second];
    }

    void add(const SheetRow &row)
    {
        const auto valid = validityOf(row);
        if (!valid)
            return;
        m_result.dated |= row.validFrom.has_value();
        SheetModel &model = modelOf(row);
        for (const SheetPrice &price : row.prices) {
            SheetRate &target = rateFor(model, row, price.tier, *valid);
            const auto i = static_cast<std::size_t>(price.usageClass);
            if (!target.rate.prices[i]) {
                target.rate.prices[i] = price.price;
                target.lines[i] = price.line;
                target.columns[i] = price.column;
                if (price.price.femto == 0 && m_options.reading == CatalogueReading::Stated)
                    issue(price.line, price.column, "the price is 0; read as free of charge");
                continue;
            }
            const bool equal = target.rate.prices[i]->femto == price.price.femto;
            issue(price.line, price.column,
                  equal ? "the same price stands in line " + std::to_string(target.lines[i]) + "; counted once"
                        : "another price for the same case than in line " + std::to_string(target.lines[i])
                              + "; the price is left out");
        }
    }

    SheetRate &rateFor(SheetModel &model, const SheetRow &row, ServiceTier tier, const Period &valid)
    {
        const Conditions conditions{tier, foldedRegion(row.region), row.threshold ? row.threshold->tokens : -1,
                                    row.threshold && row.threshold->inclusive};
        for (SheetRate &each : model.rates) {
            if (each.conditions == conditions && each.rate.valid == valid)
                return each;
        }
        SheetRate &added = model.rates.emplace_back();
        added.conditions = conditions;
        Rate &rate = added.rate;
        rate.id = m_fileName + ":" + std::to_string(row.line);
        if (tier != ServiceTier::Standard)
            rate.id += "#" + std::string(nameOf(tier));
        rate.valid = valid;
        rate.tier = tier;
        rate.region = row.region;
        rate.context = row.threshold;
        rate.source = row.source.empty() ? "price sheet " + m_fileName : row.source;
        rate.checked = row.checked.empty() ? m_result.catalogue.asOf : row.checked;
        rate.grade = "C";
        rate.note = row.note;
        return added;
    }

    static std::int64_t firstLine(const SheetRate &rate)
    {
        std::int64_t first = 0;
        for (const std::int64_t line : rate.lines) {
            if (line > 0 && (first == 0 || line < first))
                first = line;
        }
        return first;
    }

    /// Two prices for one case at the same time: the one that began later counts. When both began together neither can
    /// be preferred, and the one further down is left out.
    void reportOverlaps(SheetModel &model)
    {
        for (std::size_t i = 0; i < model.rates.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                SheetRate &later = model.rates[i];
                const SheetRate &earlier = model.rates[j];
                if (later.conditions != earlier.conditions || later.rate.valid.to <= earlier.rate.valid.from
                    || earlier.rate.valid.to <= later.rate.valid.from)
                    continue;
                for (std::size_t each = 0; each < usageClassCount; ++each) {
                    if (!later.rate.prices[each] || !earlier.rate.prices[each])
                        continue;
                    const std::string other = "line " + std::to_string(earlier.lines[each]);
                    if (later.rate.valid.from == earlier.rate.valid.from) {
                        issue(later.lines[each], later.columns[each],
                              "begins with the price in " + other + " and ends at another time; the price is left out");
                        later.rate.prices[each].reset();
                    } else {
                        issue(later.lines[each], later.columns[each],
                              "holds at the same time as the price in " + other + "; the one that began later counts");
                    }
                }
            }
        }
    }

    /// A cached token above an uncached one, batch or flex above standard.
    void leaveOutWhatCannotBe(SheetModel &model)
    {
        for (SheetRate &each : model.rates) {
            const auto input = static_cast<std::size_t>(UsageClass::Input);
            const auto read = static_cast<std::size_t>(UsageClass::CacheRead);
            auto &prices = each.rate.prices;
            if (prices[input] && prices[read] && prices[read]->femto > prices[input]->femto) {
                issue(each.lines[read], each.columns[read],
                      "a cached token costs more than an uncached one; the price is left out");
                prices[read].reset();
            }
            if (each.rate.tier != ServiceTier::Batch && each.rate.tier != ServiceTier::Flex)
                continue;
            for (const SheetRate &standard : model.rates) {
                if (standard.rate.tier == ServiceTier::Standard && sameCase(standard, each))
                    compareWithStandard(each, standard);
            }
        }
    }

    static bool sameCase(const SheetRate &a, const SheetRate &b)
    {
        return a.rate.context == b.rate.context && foldedRegion(a.rate.region) == foldedRegion(b.rate.region)
               && a.rate.valid.from < b.rate.valid.to && b.rate.valid.from < a.rate.valid.to;
    }

    void compareWithStandard(SheetRate &cheaper, const SheetRate &standard)
    {
        for (const UsageClass usageClass : tokenClasses) {
            const auto i = static_cast<std::size_t>(usageClass);
            if (!cheaper.rate.prices[i] || !standard.rate.prices[i]
                || cheaper.rate.prices[i]->femto <= standard.rate.prices[i]->femto)
                continue;
            issue(cheaper.lines[i], cheaper.columns[i],
                  std::string(nameOf(cheaper.rate.tier)) + " costs more than standard in line "
                      + std::to_string(standard.lines[i]) + "; the price is left out");
            cheaper.rate.prices[i].reset();
        }
    }

    CatalogueImport &m_result;
    std::string m_fileName;
    const CatalogueOptions &m_options;
    const PriceSheetMapping &m_mapping;
    bool m_inclusive = false;
    std::vector<SheetModel> m_models;
    std::map<std::pair<std::string, std::string>, std::size_t> m_index;
};

std::string listed(const std::vector<std::string> &texts)
{
    std::string result;
    for (const std::string &text : texts)
        result += (result.empty() ? "" : "; ") + text;
    return result;
}

} // namespace

Result<std::string> priceSheetText(std::string_view bytes)
{
    const TextEncoding encoding = detectEncoding(bytes.substr(0, 4));
    auto text = decoded(bytes, encoding);
    if (text && !text->valid)
        text = decoded(bytes, TextEncoding::Windows1252);
    if (!text)
        return text.error();
    return std::move(text->text);
}

Result<CatalogueImport> readPriceSheet(std::string_view bytes, std::string_view fileName,
                                       const CatalogueOptions &options, const std::optional<PriceSheetMapping> &mapping)
{
    const auto text = priceSheetText(bytes);
    if (!text)
        return text.error();
    if (text->find('\0') != std::string::npos)
        return Error{ErrorCode::BadInput, "this is neither a price catalogue nor a text file", "",
                     "export the sheet as CSV"};
    const auto shape = shapeOfText(*text, true);
    if (!shape)
        return shape.error();
    const PriceSheetMapping used = mapping ? *mapping : suggestPriceSheetMapping(*shape);
    if (const auto missing = missingForPriceSheet(used); !missing.empty())
        return Error{ErrorCode::BadInput, "the price sheet lacks " + listed(missing), "the header",
                     mapping ? "complete the mapping" : "say which columns they are with a mapping"};
    auto rows = readSheetRows(*text, *shape, used, options.reading);
    if (!rows)
        return rows.error();
    CatalogueImport result;
    result.format = "price-sheet";
    result.why = "a table of models with prices";
    result.issues = std::move(rows->issues);
    for (const std::string &warning : shape->warnings)
        result.issues.push_back({sheetPlace(shape->headerLine), warning});
    Catalogue &catalogue = result.catalogue;
    catalogue.id = "price-sheet:" + std::string(fileName);
    catalogue.name = fileName;
    catalogue.currency = rows->currency;
    catalogue.asOf = asOfDate(fileName, options.effectiveFrom);
    if (catalogue.asOf.empty()) {
        for (const SheetRow &row : rows->rows)
            catalogue.asOf = std::max(catalogue.asOf, row.validFrom ? formatDate(*row.validFrom) : std::string());
    }
    SheetCatalogue(result, fileName, options, used).build(rows->rows);
    if (catalogue.models.empty()) {
        const CatalogueIssue first = result.issues.empty() ? CatalogueIssue{} : result.issues.front();
        return Error{ErrorCode::BadInput,
                     "no row of this price sheet can be used" + (first.reason.empty() ? "" : ": " + first.reason),
                     first.path, "say what the columns and units are with a mapping"};
    }
    return result;
}

} // namespace perunit
