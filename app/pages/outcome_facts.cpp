// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/outcome_facts.h"

#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QLocale>

namespace perunit {

namespace {

constexpr Int128 millionth = 1'000'000;

QString tr(const char *text)
{
    return QCoreApplication::translate("OutcomeFacts", text);
}

QString percent(PartsPerMillion share)
{
    return QLocale().toString(static_cast<double>(share) / 10'000.0, 'f', 1) + QStringLiteral(" %");
}

QString times(PartsPerMillion factor)
{
    return QStringLiteral("×") + QLocale().toString(static_cast<double>(factor) / 1'000'000.0, 'f', 1);
}

} // namespace

QString qualityText(const Outcome::Quality &quality)
{
    return percent(quality.before) + QStringLiteral(" → ") + percent(quality.after);
}

QStringList outcomeFacts(const Outcome &outcome)
{
    QStringList facts;
    if (outcome.quality) {
        const auto requests = static_cast<std::int64_t>(divideHalfEven(outcome.quality->requests, millionth));
        facts << tr("Right answers %1 of %2 requests").arg(qualityText(*outcome.quality), toQt(countText(requests)));
    }
    for (const Outcome::AgentSpread &spread : outcome.agentSpreads) {
        if (spread.expensive != spread.usual)
            facts << tr("Agents: one run in twenty costs more than %1 of the average, half of them less than %2")
                         .arg(times(spread.expensive), times(spread.usual));
    }
    for (const Outcome::CacheShare &share : outcome.cacheShares)
        facts << (share.upperBound ? tr("Prompt cache reads %1; gaps allow at most %2 (5 min), %3 (1 h)")
                                   : tr("Prompt cache reads %1; gaps allow %2 (5 min), %3 (1 h)"))
                     .arg(percent(share.applied), percent(share.achievable5m), percent(share.achievable1h));
    for (const Outcome::Pool &pool : outcome.pools)
        facts << tr("%1 units for %2: %3 full, %4 of the load spills")
                     .arg(QLocale().toString(static_cast<qlonglong>(pool.units)), toQt(pool.model),
                          percent(pool.utilisation), percent(pool.spillShare));
    return facts;
}

} // namespace perunit
