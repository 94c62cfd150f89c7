// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/source_text.h"

#include "app/pages/price_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>

#include <algorithm>

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

std::vector<SourceRole> possibleRoles(const Source &source)
{
    if (source.role == SourceRole::Outcome)
        return {SourceRole::Outcome};
    const auto &counts = source.tokens.counts;
    const bool tokens = std::any_of(counts.begin(), counts.end(), [](std::int64_t count) { return count != 0; });
    if (source.isBill && !tokens && source.role != SourceRole::Usage)
        return {SourceRole::Invoice, SourceRole::Harness};
    return {SourceRole::Usage, SourceRole::Invoice, SourceRole::Harness};
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
    QString table = QStringLiteral("<table cellspacing=0 cellpadding=1>");
    const auto add = [&table](const QString &name, const QString &value) {
        table += QStringLiteral("<tr><td style='padding-right:12px'>%1</td><td>%2</td></tr>")
                     .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
    };
    add(translated("Rows"), translated("%1 read, %2 used, %3 rejected, %4 repeated")
                                .arg(toQt(countText(source.rowsRead)), toQt(countText(source.rowsAccepted)),
                                     toQt(countText(source.rowsRejected)), toQt(countText(source.rowsDuplicate))));
    add(translated("Period"), periodText(source.period));
    if (!source.currency.empty())
        add(translated("Currency"), toQt(source.currency));
    for (const auto &[name, amount] : {std::pair{"Billed", &source.billed}, std::pair{"Effective", &source.effective},
                                       std::pair{"List", &source.list}, std::pair{"Contracted", &source.contracted}}) {
        if (*amount)
            add(translated(name), toQt((*amount)->text()));
    }
    if (source.requests > 0)
        add(translated("Requests"), toQt(countText(source.requests)));
    for (const UsageClass usageClass : tokenClasses) {
        if (source.tokens[usageClass] > 0)
            add(className(usageClass), translated("%1 tokens").arg(toQt(countText(source.tokens[usageClass]))));
    }
    const auto names = [](const std::vector<std::string> &columns) {
        QStringList list;
        for (const std::string &column : columns)
            list << toQt(column);
        return list.join(QStringLiteral(", "));
    };
    if (!source.hashedColumns.empty())
        add(translated("Persons hashed"), names(source.hashedColumns));
    if (!source.droppedColumns.empty())
        add(translated("Persons dropped"), names(source.droppedColumns));
    add(translated("SHA-256"), toQt(source.sha256.substr(0, 16)) + QStringLiteral("…"));
    return table + QStringLiteral("</table>");
}

QString formatSentence(const Source &source)
{
    return source.why.empty() ? translated("Read as %1.").arg(toQt(source.format))
                              : translated("Read as %1: %2.").arg(toQt(source.format), toQt(source.why));
}

} // namespace perunit
