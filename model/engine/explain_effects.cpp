// SPDX-License-Identifier: GPL-3.0-or-later
// What levers do, in words with their values.
#include "model/engine/explain_levers.h"

#include "pricing/base/decimal.h"

namespace perunit {

namespace {

constexpr int moneyDecimals = 9;

std::string percent(std::int64_t share)
{
    return formatDecimal(share, 4) + " %";
}

std::string factorText(std::int64_t factor)
{
    return formatDecimal(factor, 6);
}

std::string moneyText(std::int64_t amount)
{
    return formatDecimal(amount, moneyDecimals);
}

/// Values of a lever in a month.
class Effect
{
public:
    Effect(const Lever &lever, Month month, Month firstMonth)
        : m_lever(lever)
        , m_month(month)
        , m_firstMonth(firstMonth)
    {}

    [[nodiscard]] std::string text() const
    {
        switch (m_lever.kind) {
        case LeverKind::Volume:
            return "requests × " + grown(volumeFactor(m_lever, m_month, m_firstMonth));
        case LeverKind::AnswerCache:
            return percent(value("hit_share")) + " of the requests are answered from earlier answers"
                   + costs("lookup_cost", "each lookup");
        case LeverKind::Routing:
            return routing();
        case LeverKind::ConversationLength: {
            const TurnFactors factors = turnFactors(m_lever);
            return "turns × " + factorText(factors.turns) + ", prompt of a turn × " + factorText(factors.prompt);
        }
        case LeverKind::AgentSteps:
            return "model calls × " + factorText(value("mean"));
        case LeverKind::ContextGrowth:
            return "prompt tokens × " + grown(grownFactor(m_lever, m_month, m_firstMonth));
        case LeverKind::Trimming:
            return "prompts from " + std::to_string(m_lever.number("prompt_from")) + " tokens × "
                   + factorText(value("factor"));
        case LeverKind::OutputLength:
            return "output tokens × " + grown(grownFactor(m_lever, m_month, m_firstMonth));
        case LeverKind::PromptCache:
            return promptCache();
        case LeverKind::PriceChange:
            return priceChange();
        default:
            return later();
        }
    }

private:
    [[nodiscard]] std::int64_t value(std::string_view name) const
    {
        return rampedValue(m_lever, name, m_month, m_firstMonth);
    }
    [[nodiscard]] static std::string grown(const Result<PartsPerMillion> &factor)
    {
        return factor ? factorText(*factor) : std::string("?");
    }
    [[nodiscard]] std::string costs(std::string_view name, const std::string &what) const
    {
        const std::int64_t amount = m_lever.number(name);
        return amount == 0 ? "" : "; " + what + " costs " + moneyText(amount);
    }
    [[nodiscard]] std::string routing() const
    {
        std::string result = percent(value("share")) + " of the requests go to " + m_lever.text("to");
        if (const std::int64_t from = m_lever.number("prompt_from"); from > 0)
            result += ", prompts from " + std::to_string(from) + " tokens";
        if (const std::int64_t below = m_lever.number("prompt_below"); below > 0)
            result += ", prompts below " + std::to_string(below) + " tokens";
        if (const std::int64_t back = m_lever.number("escalation"); back > 0)
            result += "; " + percent(back) + " of them come back and are paid twice";
        return result + costs("verifier_cost", "each verdict");
    }
    [[nodiscard]] std::string promptCache() const
    {
        std::string result;
        if (m_lever.text("mode") == "measured")
            result = "as much of the prompt as the gaps between requests allow is read from the cache";
        else
            result = percent(value("hit_share")) + " of the prompt is read from the cache";
        if (const std::int64_t written = value("write_share"); written > 0)
            result += ", " + percent(written) + " of the rest is written to it";
        return result;
    }
    [[nodiscard]] std::string priceChange() const
    {
        std::string result = "prices × " + factorText(value("factor"));
        for (const auto &[name, words] :
             {std::pair{"input_price", "input"}, std::pair{"cache_read_price", "cache reads"},
              std::pair{"cache_write_price", "cache writes"}, std::pair{"output_price", "output"}}) {
            if (m_lever.number(name) != 0)
                result += std::string(", ") + words + " at " + moneyText(m_lever.number(name)) + " per million";
        }
        return result;
    }
    [[nodiscard]] std::string later() const
    {
        switch (m_lever.kind) {
        case LeverKind::Batch:
            return percent(value("share")) + " of the requests go through the batch tier";
        case LeverKind::Provisioned: {
            const OfferAndTerm offer = offerAndTermOf(m_lever);
            return std::to_string(m_lever.number("units")) + " units of " + offer.offer + ", " + offer.term + ", serve "
                   + m_lever.text("model");
        }
        case LeverKind::Retries:
            return percent(value("retry_share")) + " more attempts, of which "
                   + percent(m_lever.number("charged_share")) + " is charged";
        case LeverKind::EndpointSchedule:
            return "endpoints run " + factorText(value("hours_per_day")) + " hours on "
                   + factorText(value("days_per_week")) + " days of the week";
        case LeverKind::Training:
            return "training runs at " + moneyText(m_lever.number("run_cost")) + " each, charged over "
                   + std::to_string(m_lever.number("amortisation_months")) + " months";
        case LeverKind::HumanReview:
            return percent(value("share")) + " of the answers are looked at for "
                   + factorText(m_lever.number("minutes")) + " minutes, at " + moneyText(m_lever.number("hourly_rate"))
                   + " an hour";
        case LeverKind::ExchangeRate:
            return "1 " + m_lever.text("currency") + " is worth " + moneyText(m_lever.number("rate"));
        default:
            return {};
        }
    }

    const Lever &m_lever;
    Month m_month;
    Month m_firstMonth;
};

} // namespace

std::string effectOf(const Lever &lever, Month month, Month firstMonth)
{
    return Effect(lever, month, firstMonth).text();
}

} // namespace perunit
