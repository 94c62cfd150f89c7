// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/reported_usage.h"

#include "model/import/number_text.h"
#include "model/import/table_file.h"

#include <algorithm>
#include <map>

namespace perunit {

namespace {

/// More of anything in one call is a mistake; below it sums of a few counts cannot overflow.
constexpr std::int64_t largestCount = 1'000'000'000'000'000;
constexpr std::size_t namedInRemark = 5;

using PartNames = std::map<std::string_view, UsagePart>;

/// Normalised names as Langfuse, OpenTelemetry, OpenInference, the AI SDK and providers write them.
const PartNames &partNames()
{
    using P = UsagePart;
    static const PartNames table{{"input", P::Input},
                                 {"inputtokens", P::Input},
                                 {"prompttokens", P::Input},
                                 {"prompt", P::Input},
                                 {"tokens", P::Input},
                                 {"inputusage", P::Input},
                                 {"prompttokencount", P::Input},
                                 {"output", P::Output},
                                 {"outputtokens", P::Output},
                                 {"completiontokens", P::Output},
                                 {"completion", P::Output},
                                 {"outputusage", P::Output},
                                 {"candidatestokencount", P::Output},
                                 {"total", P::Total},
                                 {"totaltokens", P::Total},
                                 {"totalusage", P::Total},
                                 {"totaltokencount", P::Total},
                                 {"inputcacheread", P::CacheRead},
                                 {"inputcachedtokens", P::CacheRead},
                                 {"inputcached", P::CacheRead},
                                 {"inputcachereadtokens", P::CacheRead},
                                 {"cachereadinputtokens", P::CacheRead},
                                 {"cachereadtokens", P::CacheRead},
                                 {"cacheread", P::CacheRead},
                                 {"cachedtokens", P::CacheRead},
                                 {"cachedinputtokens", P::CacheRead},
                                 {"cachedprompttokens", P::CacheRead},
                                 {"cachedcontenttokencount", P::CacheRead},
                                 {"promptdetailscacheread", P::CacheRead},
                                 {"promptdetailscacheinput", P::CacheRead},
                                 {"prompttokensdetailscachedtokens", P::CacheRead},
                                 {"inputtokensdetailscachedtokens", P::CacheRead},
                                 {"inputtokendetailscacheread", P::CacheRead},
                                 {"inputtokendetailscachereadtokens", P::CacheRead},
                                 {"detailscachereadtokens", P::CacheRead},
                                 {"detailscachedtokens", P::CacheRead},
                                 {"detailscachewritetokens", P::CacheWrite},
                                 {"detailsreasoningtokens", P::Reasoning},
                                 {"inputcachecreation", P::CacheWrite},
                                 {"inputcachewrite", P::CacheWrite},
                                 {"inputcachewritetokens", P::CacheWrite},
                                 {"cachecreationinputtokens", P::CacheWrite},
                                 {"cachewriteinputtokens", P::CacheWrite},
                                 {"cachecreationtokens", P::CacheWrite},
                                 {"cachewrite", P::CacheWrite},
                                 {"cachewritetokens", P::CacheWrite},
                                 {"promptdetailscachewrite", P::CacheWrite},
                                 {"inputtokendetailscachecreation", P::CacheWrite},
                                 {"inputtokendetailscachewritetokens", P::CacheWrite},
                                 {"inputcachecreation5m", P::CacheWrite5m},
                                 {"cachecreationephemeral5minputtokens", P::CacheWrite5m},
                                 {"ephemeral5minputtokens", P::CacheWrite5m},
                                 {"inputcachecreation1h", P::CacheWrite1h},
                                 {"cachecreationephemeral1hinputtokens", P::CacheWrite1h},
                                 {"ephemeral1hinputtokens", P::CacheWrite1h},
                                 {"reasoning", P::Reasoning},
                                 {"reasoningtokens", P::Reasoning},
                                 {"reasoningoutputtokens", P::Reasoning},
                                 {"outputreasoning", P::Reasoning},
                                 {"outputreasoningtokens", P::Reasoning},
                                 {"thoughtstokencount", P::Reasoning},
                                 {"completiondetailsreasoning", P::Reasoning},
                                 {"completiontokensdetailsreasoningtokens", P::Reasoning},
                                 {"outputtokensdetailsreasoningtokens", P::Reasoning},
                                 {"outputtokendetailsreasoning", P::Reasoning},
                                 {"outputtokendetailsreasoningtokens", P::Reasoning},
                                 {"inputaudio", P::AudioIn},
                                 {"inputaudiotokens", P::AudioIn},
                                 {"promptdetailsaudio", P::AudioIn},
                                 {"prompttokensdetailsaudiotokens", P::AudioIn},
                                 {"inputtokensdetailsaudiotokens", P::AudioIn},
                                 {"outputaudio", P::AudioOut},
                                 {"outputaudiotokens", P::AudioOut},
                                 {"completiondetailsaudio", P::AudioOut},
                                 {"completiontokensdetailsaudiotokens", P::AudioOut},
                                 {"outputtokensdetailsaudiotokens", P::AudioOut},
                                 {"inputimage", P::ImageIn},
                                 {"inputimagetokens", P::ImageIn},
                                 {"promptdetailsimage", P::ImageIn},
                                 {"outputimage", P::ImageOut},
                                 {"outputimagetokens", P::ImageOut},
                                 {"inputcachereadaudio", P::CacheReadAudio},
                                 {"inputaudiocached", P::CacheReadAudio},
                                 {"websearchrequests", P::WebSearch},
                                 {"servertoolusewebsearchrequests", P::WebSearch},
                                 {"inputtext", P::Detail},
                                 {"outputtext", P::Detail},
                                 {"prompttokensdetailstexttokens", P::Detail},
                                 {"completiontokensdetailstexttokens", P::Detail},
                                 {"inputtokendetailsnocachetokens", P::Detail},
                                 {"outputtokendetailstexttokens", P::Detail},
                                 {"acceptedpredictiontokens", P::Detail},
                                 {"rejectedpredictiontokens", P::Detail},
                                 {"outputacceptedpredictiontokens", P::Detail},
                                 {"outputrejectedpredictiontokens", P::Detail},
                                 {"completiontokensdetailsacceptedpredictiontokens", P::Detail},
                                 {"completiontokensdetailsrejectedpredictiontokens", P::Detail}};
    return table;
}

bool isAmong(UsagePart part, std::initializer_list<UsagePart> parts)
{
    return std::find(parts.begin(), parts.end(), part) != parts.end();
}

} // namespace

UsagePart usagePartNamed(std::string_view name)
{
    const auto found = partNames().find(normalisedName(name));
    return found == partNames().end() ? UsagePart::Unknown : found->second;
}

bool ReportedUsage::add(std::string_view name, std::string_view text)
{
    const UsagePart part = usagePartNamed(name);
    const auto value = parseWhole(text, NumberStyle::PointDecimal);
    const bool usable = value && *value && **value >= 0 && **value <= largestCount;
    if (part == UsagePart::Unknown) {
        // Costs stand beside counts in old exports; they are no tokens.
        const bool cost = normalisedName(name).find("cost") != std::string::npos;
        if (usable && **value > 0 && !cost) {
            m_unknown += **value;
            m_unknownNames.emplace_back(name);
        }
        return true;
    }
    if (!usable)
        return value && !*value;
    const std::int64_t count = **value;
    std::optional<std::int64_t> &known = m_counts[index(part)];
    known = known.value_or(0) > 0 ? known : count;
    if (count > 0 && name.find("etails") != std::string_view::npos) {
        const bool output = isAmong(part, {UsagePart::Reasoning, UsagePart::AudioOut, UsagePart::ImageOut});
        (output ? m_outputDetails : m_inputDetails) = true;
    }
    return true;
}

bool ReportedUsage::add(const JsonValue &object, std::string &problem, const std::string &path)
{
    for (std::size_t i = 0; i < object.names.size(); ++i) {
        const JsonValue &value = object.items[i];
        const std::string name = path.empty() ? object.names[i] : path + '.' + object.names[i];
        if (value.is(JsonValue::Kind::Object)) {
            if (!add(value, problem, name))
                return false;
        } else if ((value.is(JsonValue::Kind::Number)
                    || (value.is(JsonValue::Kind::String) && usagePartNamed(name) != UsagePart::Unknown))
                   && !add(name, value.text)) {
            problem = "'" + name + "' is not a whole number of at least 0";
            return false;
        }
    }
    return true;
}

bool ReportedUsage::isAny() const
{
    return m_unknown > 0
           || std::any_of(m_counts.begin(), m_counts.end(), [](const auto &count) { return count.value_or(0) > 0; });
}

std::int64_t ReportedUsage::cacheWrites() const
{
    // A count without a time to live may be the sum of the two that have one.
    return std::max(of(UsagePart::CacheWrite), of(UsagePart::CacheWrite5m) + of(UsagePart::CacheWrite1h));
}

std::int64_t ReportedUsage::special() const
{
    return of(UsagePart::CacheRead) + cacheWrites() + of(UsagePart::AudioIn) + of(UsagePart::ImageIn)
           + of(UsagePart::CacheReadAudio);
}

std::int64_t ReportedUsage::specialOutput() const
{
    return of(UsagePart::Reasoning) + of(UsagePart::AudioOut) + of(UsagePart::ImageOut);
}

std::int64_t ReportedUsage::sum(Form form) const
{
    return of(UsagePart::Input) + of(UsagePart::Output) + (form.inputInside ? 0 : special())
           + (form.outputInside ? 0 : specialOutput());
}

bool ReportedUsage::isPossible(Form form) const
{
    return (!form.inputInside || special() <= of(UsagePart::Input))
           && (!form.outputInside || specialOutput() <= of(UsagePart::Output));
}

ReportedUsage::Form ReportedUsage::form(Nesting input, Nesting output) const
{
    Form usual;
    const auto usually = [](Nesting nesting, bool details) {
        return nesting == Nesting::Inside || nesting == Nesting::UsuallyInside
               || (nesting == Nesting::Unsaid && details);
    };
    const auto isOpen = [](Nesting nesting) {
        return nesting == Nesting::Unsaid || nesting == Nesting::UsuallyInside;
    };
    usual.inputInside = usually(input, m_inputDetails);
    usual.outputInside = usually(output, m_outputDetails);
    const std::array<Form, 4> forms{usual, Form{!usual.inputInside, usual.outputInside},
                                    Form{usual.inputInside, !usual.outputInside},
                                    Form{!usual.inputInside, !usual.outputInside}};
    const auto allowed = [&](Form candidate) {
        return isPossible(candidate) && (isOpen(input) || candidate.inputInside == usual.inputInside)
               && (isOpen(output) || candidate.outputInside == usual.outputInside);
    };
    if (has(UsagePart::Total)) {
        for (const Form candidate : forms) {
            if (allowed(candidate) && sum(candidate) == of(UsagePart::Total))
                return candidate;
        }
    }
    for (const Form candidate : forms) {
        if (allowed(candidate))
            return candidate;
    }
    // What was said cannot be: no class may become negative.
    return {usual.inputInside && special() <= of(UsagePart::Input),
            usual.outputInside && specialOutput() <= of(UsagePart::Output)};
}

Usage ReportedUsage::disjoint(Nesting input, Nesting output) const
{
    const Form nested = form(input, output);
    Usage usage;
    usage[UsageClass::Input] = of(UsagePart::Input) - (nested.inputInside ? special() : 0);
    usage[UsageClass::CacheRead] = of(UsagePart::CacheRead);
    usage[UsageClass::CacheWrite1h] = of(UsagePart::CacheWrite1h);
    usage[UsageClass::CacheWrite5m] = cacheWrites() - of(UsagePart::CacheWrite1h);
    usage[UsageClass::AudioIn] = of(UsagePart::AudioIn);
    usage[UsageClass::ImageIn] = of(UsagePart::ImageIn);
    usage[UsageClass::CacheReadAudio] = of(UsagePart::CacheReadAudio);
    usage[UsageClass::AudioOut] = of(UsagePart::AudioOut);
    usage[UsageClass::ImageOut] = of(UsagePart::ImageOut);
    usage[UsageClass::Output] =
        of(UsagePart::Output)
        + (nested.outputInside ? -of(UsagePart::AudioOut) - of(UsagePart::ImageOut) : of(UsagePart::Reasoning));
    usage[UsageClass::WebSearch] = of(UsagePart::WebSearch);
    usage.reasoning = of(UsagePart::Reasoning);
    return usage;
}

std::int64_t ReportedUsage::unclassified(Nesting input, Nesting output) const
{
    if (!has(UsagePart::Total))
        return m_unknown;
    return std::max<std::int64_t>(0, of(UsagePart::Total) - sum(form(input, output)));
}

void UnclassifiedTokens::add(const ReportedUsage &usage, std::int64_t tokens)
{
    if (tokens == 0)
        return;
    ++m_calls;
    m_tokens += tokens;
    for (const std::string &name : usage.unknownNames()) {
        if (m_names.size() < namedInRemark && std::find(m_names.begin(), m_names.end(), name) == m_names.end())
            m_names.push_back(name);
    }
}

void UnclassifiedTokens::finish(RowCollector &rows) const
{
    if (m_calls == 0)
        return;
    std::string names;
    for (const std::string &name : m_names)
        names += (names.empty() ? " (" : ", ") + name;
    rows.warn(std::to_string(m_tokens) + " tokens of " + std::to_string(m_calls) + (m_calls == 1 ? " call" : " calls")
              + " are in no class and unpriced: the file counts them only in the "
              + "total or under a name that is not known" + names + (names.empty() ? "" : ")")
              + "; often they are thinking tokens");
}

} // namespace perunit
