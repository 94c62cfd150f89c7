// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/source_text.h"

#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace perunit {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("SourceText", text);
}

} // namespace

QString roleName(SourceRole role)
{
    switch (role) {
    case SourceRole::Usage:
        return translated("Usage");
    case SourceRole::Invoice:
        return translated("Invoice");
    case SourceRole::Harness:
        return translated("Harness");
    case SourceRole::Outcome:
        return translated("Outcomes");
    }
    return {};
}

QString roleHelp(SourceRole role)
{
    switch (role) {
    case SourceRole::Usage:
        return translated("Requests that are priced with the catalogue");
    case SourceRole::Invoice:
        return translated("Charges of model providers; compared with the priced usage, never added to it");
    case SourceRole::Harness:
        return translated("Charges beside the models: vector database, storage, egress, logs; added to the cost");
    case SourceRole::Outcome:
        return translated("Counts of units: conversations resolved, documents processed");
    }
    return {};
}

QString periodText(Period period)
{
    if (period.to <= period.from)
        return QStringLiteral("–");
    const Instant lastDay{period.to.micros - 1};
    const QString from = toQt(formatDate(period.from));
    const QString to = toQt(formatDate(lastDay));
    return from == to ? from : translated("%1 to %2").arg(from, to);
}

QString sourceFacts(const Source &source)
{
    QStringList lines;
    lines << translated("%1: %2").arg(toQt(source.format), toQt(source.why));
    lines << translated("%1 rows read, %2 accepted, %3 rejected, %4 duplicate")
                 .arg(toQt(countText(source.rowsRead)), toQt(countText(source.rowsAccepted)),
                      toQt(countText(source.rowsRejected)), toQt(countText(source.rowsDuplicate)));
    if (source.period.from < source.period.to)
        lines << translated("From %1 to %2")
                     .arg(toQt(formatInstant(source.period.from)), toQt(formatInstant(source.period.to)));
    if (!source.currency.empty())
        lines << translated("Currency %1").arg(toQt(source.currency));
    for (const auto &[name, amount] : {std::pair{"Billed", &source.billed}, std::pair{"Effective", &source.effective},
                                       std::pair{"List", &source.list}, std::pair{"Contracted", &source.contracted}}) {
        if (*amount)
            lines << translated("%1 %2").arg(translated(name), toQt((*amount)->text()));
    }
    if (source.requests > 0)
        lines << translated("%1 requests").arg(toQt(countText(source.requests)));
    for (std::size_t i = 0; i < tokenClassCount; ++i) {
        if (source.tokens.counts[i] > 0)
            lines << QStringLiteral("%1: %2").arg(toQt(usageClassNames[i]), toQt(countText(source.tokens.counts[i])));
    }
    lines << translated("SHA-256 %1").arg(toQt(source.sha256.substr(0, 16)) + QStringLiteral("…"));
    return lines.join(QLatin1Char('\n'));
}

} // namespace perunit
