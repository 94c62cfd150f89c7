// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/dimensions/dimension_rules.h"
#include "model/import/csv_reader.h"
#include "model/import/date_text.h"
#include "model/import/json_reader.h"
#include "model/import/number_text.h"
#include "model/import/tag_text.h"
#include "model/import/text_input.h"

#include "pricing/base/decimal.h"

#include <cstdlib>

using namespace perunit;

namespace {

void readNumbers(std::string_view text)
{
    NumberEvidence evidence;
    evidence.add(text);
    (void)decideNumbers(evidence, evidence, ',');
    for (const NumberStyle style : {NumberStyle::PointDecimal, NumberStyle::CommaDecimal, NumberStyle::PerValue}) {
        std::int64_t rounded = 0;
        const auto amount = parseAmount(text, style, rounded);
        // What was read is written so that it reads as the same again.
        if (amount && *amount) {
            const auto again = parseAmount((*amount)->text(), NumberStyle::PointDecimal, rounded);
            if (!again || *again != *amount)
                std::abort();
        }
        (void)parseWhole(text, style).ok();
    }
}

void readRecords(std::string_view text, std::size_t piece)
{
    StringInput lines(text, piece);
    CsvReader reader(lines, ',');
    CsvRecord record;
    while (true) {
        const auto more = reader.next(record);
        if (!more || !*more)
            break;
    }
    StringInput values(text, piece);
    JsonReader json(values);
    JsonUnit unit;
    while (true) {
        const auto more = json.next(unit);
        if (!more || !*more)
            break;
        if (unit.problem.empty() && !parseJson(writeJson(unit.value)))
            std::abort();
    }
}

} // namespace

/// The parts of the readers, alone, where a fuzzer gets deeper than through whole files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    readNumbers(text);
    DateEvidence dates;
    dates.add(text);
    (void)decideDates(dates, dates);
    for (const DateOrder order : {DateOrder::MonthFirst, DateOrder::DayFirst, DateOrder::PerValue})
        (void)parseTime(text, order).ok();
    (void)parseTags(text);
    readRecords(text, 65536);
    readRecords(text, 4);
    if (const auto rules = parseDimensionRules(text)) {
        const auto again = parseDimensionRules(writeDimensionRules(*rules));
        if (!again || !(*again == *rules))
            std::abort();
    }
    (void)fitsPattern(text.substr(0, size / 2), text.substr(size / 2));
    return 0;
}
