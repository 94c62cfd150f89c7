// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/prices/invoice_text.h"

#include "model/figures/figure_builder.h"
#include "widgets/text/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace perunit {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("InvoiceText", text);
}

Money magnitudeOf(Money amount)
{
    return amount < Money() ? -amount : amount;
}

/// What has no explanation. Amounts of different lines must not cancel each other out.
QString unexplainedText(const Reconciliation &result)
{
    Money more;
    Money less;
    for (const ReconciliationLine &line : result.lines) {
        const Money unknown = line.parts[DifferenceBucket::Unknown];
        (unknown < Money() ? less : more) += unknown;
    }
    const auto money = [&result](Money amount) {
        return toQt(signedMoneyText(amount.toFemto(), result.currency));
    };
    if (more.isZero() && less.isZero())
        return translated("All of it is explained.");
    if (more.isZero() || less.isZero())
        return translated("%1 of it has no explanation.").arg(money(more + less));
    return translated("%1 and %2 of it have no explanation.").arg(money(more), money(less));
}

/// First half of a sentence: what the usage costs.
QString usageText(const Reconciliation &result)
{
    const auto money = [&result](Femto amount) {
        return toQt(moneyText(amount, result.currency));
    };
    bool used = false;
    bool priced = false;
    for (const ReconciliationLine &line : result.lines) {
        used = used || hasUsage(line);
        priced = priced || line.priced.has_value();
    }
    if (!used)
        return translated("The ledger has no usage to compare with;");
    if (!priced)
        return translated("None of the usage has a price;");
    return result.list() == result.priced()
               ? translated("The usage costs %1 at list price, and no term changes that;").arg(money(result.priced()))
               : translated("The usage costs %1 at list price and %2 as contracted;")
                     .arg(money(result.list()), money(result.priced()));
}

} // namespace

bool hasUsage(const ReconciliationLine &line)
{
    return line.requests > 0 || line.priced || line.unpricedTokens > 0;
}

QString bucketLabel(DifferenceBucket bucket)
{
    return toQt(differenceBucketLabels[static_cast<std::size_t>(bucket)]);
}

QString bucketMeaning(DifferenceBucket bucket)
{
    switch (bucket) {
    case DifferenceBucket::Unpriced:
        return translated(
            "Billed for models or classes of tokens that have no price here. Map them under Your models, or "
            "add a catalogue that has them.");
    case DifferenceBucket::NoUsage:
        return translated(
            "Billed for what the ledger has no usage of: other services, or models that are not recorded. "
            "Import their usage.");
    case DifferenceBucket::NotBilled:
        return translated("Usage that no invoice bills. Is an invoice missing, or does it come from another seller?");
    case DifferenceBucket::Tax:
        return translated("Charges of the category tax.");
    case DifferenceBucket::Credit:
        return translated("Charges of the category credit.");
    case DifferenceBucket::Purchase:
        return translated("One-time purchases and commitments, which are no usage.");
    case DifferenceBucket::Adjustment:
        return translated("Adjustments and corrections of earlier bills.");
    case DifferenceBucket::Tier:
        return translated("The bill is the price of the same usage in another service tier or region.");
    case DifferenceBucket::Contract:
        return translated(
            "The list price is billed where a term expects less, or the invoice states a discount that no "
            "term says.");
    case DifferenceBucket::Rounding:
        return translated("At most one unit of the last digit that the invoice shows, for each charge.");
    case DifferenceBucket::Unknown:
        break;
    }
    return translated(
        "Nothing explains this part: another price than the catalogue's, usage that is missing, or an error "
        "of the bill.");
}

QString lineModelText(const ReconciliationLine &line)
{
    if (!line.model.empty())
        return toQt(line.model);
    QStringList models;
    for (const std::string &model : line.models)
        models << toQt(model);
    return models.isEmpty() ? translated("(no model named)")
                            : translated("together: %1").arg(models.join(QStringLiteral(", ")));
}

std::optional<DifferenceBucket> mainBucket(const DifferenceParts &parts)
{
    std::size_t largest = 0;
    for (std::size_t i = 1; i < differenceBucketCount; ++i) {
        if (magnitudeOf(parts.amounts[i]) > magnitudeOf(parts.amounts[largest]))
            largest = i;
    }
    return parts.amounts[largest].isZero() ? std::nullopt : std::optional(static_cast<DifferenceBucket>(largest));
}

QString reconciliationSummary(const Reconciliation &result)
{
    const DifferenceParts parts = result.parts();
    const Femto billed = result.billed().toFemto();
    const QString usage = usageText(result);
    if (!mainBucket(parts)) {
        // Lines may differ where the sums do not.
        bool ties = true;
        for (const ReconciliationLine &line : result.lines)
            ties = ties && !mainBucket(line.parts);
        return usage + QLatin1Char(' ')
               + (ties ? translated("the invoices bill exactly that.")
                       : translated("the invoices bill that sum, though not line by line."));
    }
    const QString change = toQt(changeText(result.priced(), billed));
    // Without a base there is no percentage.
    return usage + QLatin1Char(' ')
           + translated("the invoices bill %1, a difference of %2%3. %4")
                 .arg(toQt(moneyText(billed, result.currency)),
                      toQt(signedMoneyText(parts.total().toFemto(), result.currency)),
                      result.priced().isZero() ? QString() : QStringLiteral(" (%1)").arg(change),
                      unexplainedText(result));
}

QString unbroken(QString sentence)
{
    constexpr char16_t wordJoiner = 0x2060;
    constexpr char16_t minus = 0x2212;
    constexpr char16_t blank = 0x00a0;
    sentence.replace(QChar(minus), QString(QChar(minus)) + QChar(wordJoiner));
    return sentence.replace(QLatin1String(" %"), QString(QChar(blank)) + QLatin1Char('%'));
}

ValueCell billCell(const std::optional<Money> &amount, const std::string &currency, const QString &whyUnknown)
{
    if (!amount)
        return ValueCell::unknown(whyUnknown);
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(amount->toFemto(), currency)), amount->approximate());
    cell.exact = toQt(amount->text());
    cell.toolTip = translated("Exactly %1 %2").arg(cell.exact, toQt(currency));
    return cell;
}

ValueCell signedBillCell(Money amount, const std::string &currency)
{
    ValueCell cell = billCell(amount, currency, {});
    cell.text = toQt(signedMoneyText(amount.toFemto(), currency));
    if (amount.isZero())
        cell.tone = CellTone::Secondary;
    return cell;
}

} // namespace perunit
