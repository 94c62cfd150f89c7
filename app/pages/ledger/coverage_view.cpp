// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/coverage_view.h"

#include "app/pages/page_layout.h"
#include "app/pages/prices/invoice_text.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostDimensions = 10;

ValueCell rowsCell(std::int64_t rows)
{
    return ValueCell::ofNumber(QLocale().toString(qlonglong{rows}), static_cast<double>(rows),
                               rows == 0 ? CellTone::Secondary : CellTone::Normal);
}

ValueCell shareCell(Money part, Money whole)
{
    ValueCell cell = ValueCell::ofNumber(toQt(shareText(part.toFemto(), whole.toFemto())),
                                         whole.isZero() ? 0 : part.approximate() / whole.approximate());
    cell.bar = static_cast<float>(cell.sortNumber);
    return cell;
}

QString groupText(const UntaggedGroup &group)
{
    QStringList parts;
    for (const auto &[dimension, value] : group.values) {
        if (!value.empty())
            parts << QStringLiteral("%1: %2").arg(dimensionLabel(dimension), toQt(value));
    }
    if (parts.isEmpty())
        parts << CoverageView::tr("rows that say nothing at all");
    return parts.join(QStringLiteral(" · "));
}

} // namespace

CoverageView::CoverageView(const LedgerContext &context, QWidget *parent)
    : FramedView(context, parent)
{
    buildFilled();
    buildInspector();
}

void CoverageView::buildFilled()
{
    QVBoxLayout *rows = scrollingColumn();
    auto *card = new Card(tr("How much of the cost says what it is for"), filled());
    card->setSubtitle(tr("Cost as recorded, else as priced, of requests and harness charges"));
    auto *content = new QWidget(card);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space2);
    m_summary = newLabel({}, "body", content);
    m_summary->setWordWrap(true);
    m_table = new ValueTable(tr("Dimensions and tags"), content);
    m_table->setFittingRows(mostDimensions);
    m_table->setColumns({{tr("Dimension"), {}, false, ColumnWidth::Stretch},
                         {tr("Share with a value"), tr("Cost that carries a value ÷ all cost"), true},
                         {tr("With"), tr("Cost that carries a value"), true},
                         {tr("Without"), tr("Cost that nobody can attribute"), true},
                         {tr("Rows without"), {}, true},
                         {tr("Values"), tr("Number of different values"), true},
                         {tr("Spellings"), tr("Groups of values that are probably one"), true},
                         {tr("Largest"), tr("The value that carries most cost"), false}});
    connect(m_table, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (key.isEmpty())
            return;
        m_selected = key;
        showDetail();
        showDimension();
    });
    connect(m_table, &ValueTable::activated, this, [this](const QString &key) { openRows(fromQt(key), {""}); });
    column->addWidget(m_summary);
    column->addWidget(m_table);
    card->setContent(content);
    rows->addWidget(card);
    m_detailCard = new Card({}, filled());
    m_detailKind = new SegmentedSwitch(tr("Detail"), m_detailCard);
    m_detailKind->addOption(QStringLiteral("untagged"), tr("Untagged"), {}, tr("What to tag first, by cost"));
    m_detailKind->addOption(QStringLiteral("values"), tr("Values"), {}, tr("The values that carry most cost"));
    m_detailKind->addOption(QStringLiteral("spellings"), tr("Spellings"), {}, tr("Values that are probably one"));
    connect(m_detailKind, &SegmentedSwitch::currentChanged, this, &CoverageView::showDetail);
    m_detailCard->addControl(m_detailKind);
    m_detail = new ValueTable(tr("Detail of the dimension"), m_detailCard);
    m_detail->setFittingRows(static_cast<int>(TagCoverage::mostListed));
    connect(m_detail, &ValueTable::activated, this, &CoverageView::openDetail);
    m_detailCard->setContent(m_detail);
    rows->addWidget(m_detailCard);
    rows->addStretch(1);
}

void CoverageView::buildInspector()
{
    m_facts = addInspectorText();
    auto *open = new QPushButton(themedIcon(QStringLiteral("table")), tr("Show rows without a value"));
    connect(open, &QPushButton::clicked, this, [this] {
        if (const TagCoverage *coverage = selected())
            openRows(coverage->dimension, {""});
    });
    inspectorRows()->addWidget(open, 0, Qt::AlignLeft);
    m_spellings = addInspectorText();
    inspectorRows()->addStretch();
}

void CoverageView::refresh()
{
    m_report = facts().coverage();
    if (showFilled(m_report != nullptr, m_report && m_report->rows > 0, tr("Adding up the cost of every value…"),
                   tr("The active sources hold no requests and no harness charges.")))
        showTable();
    showDetail();
    showDimension();
}

void CoverageView::showTable()
{
    const std::string &currency = m_report->currency;
    QStringList summary;
    summary << tr("%1 in %2 rows.")
                   .arg(toQt(moneyText(m_report->total.toFemto(), currency)),
                        QLocale().toString(qlonglong{m_report->rows}));
    if (m_report->rowsWithoutMoney > 0)
        summary << tr("%1 rows with %2 tokens have neither a recorded cost nor a price and are in no share.")
                       .arg(QLocale().toString(qlonglong{m_report->rowsWithoutMoney}),
                            toQt(countText(m_report->unpricedTokens)));
    if (m_report->otherCharges > 0)
        summary << tr("Taxes, credits and adjustments (%1 charges, %2) cannot be tagged and are left out.")
                       .arg(QLocale().toString(qlonglong{m_report->otherCharges}),
                            toQt(moneyText(m_report->otherAmount.toFemto(), currency)));
    if (m_report->recordedLeftOut)
        summary << tr("Recorded costs and charges are in another currency than the prices and are left out.");
    for (const auto &keys : m_report->keyVariants) {
        QStringList names;
        for (const std::string &key : keys)
            names << QStringLiteral("“%1”").arg(toQt(key.starts_with("tag:") ? key.substr(4) : key));
        names.removeDuplicates();
        summary << tr("%1 are probably one key.").arg(names.join(QStringLiteral(", ")));
    }
    m_summary->setText(unbroken(summary.join(QLatin1Char(' '))));
    std::vector<ValueRow> rows;
    for (const TagCoverage &coverage : m_report->dimensions) {
        ValueRow row;
        row.key = toQt(coverage.dimension);
        const bool all = coverage.without.isZero();
        ValueCell without = billCell(coverage.without, currency, {});
        without.tone = all ? CellTone::Secondary : CellTone::Warning;
        row.cells = {ValueCell::ofText(dimensionLabel(coverage.dimension), CellTone::Emphasis),
                     shareCell(coverage.with, m_report->total),
                     billCell(coverage.with, currency, {}),
                     without,
                     rowsCell(coverage.rowsWithout),
                     rowsCell(static_cast<std::int64_t>(coverage.values)),
                     ValueCell::ofNumber(QString::number(coverage.variants.size()),
                                         static_cast<double>(coverage.variants.size()),
                                         coverage.variants.empty() ? CellTone::Secondary : CellTone::Warning),
                     coverage.largest.empty() ? ValueCell::unknown(tr("no row has a value"))
                                              : ValueCell::ofText(toQt(coverage.largest.front().text))};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
    if (!selected() && !m_report->dimensions.empty())
        m_selected = toQt(m_report->dimensions.front().dimension);
    m_table->setCurrentKey(m_selected);
}

const TagCoverage *CoverageView::selected() const
{
    if (!m_report)
        return nullptr;
    const auto found =
        std::find_if(m_report->dimensions.begin(), m_report->dimensions.end(),
                     [name = fromQt(m_selected)](const TagCoverage &each) { return each.dimension == name; });
    return found == m_report->dimensions.end() ? nullptr : &*found;
}

void CoverageView::showDetail()
{
    const TagCoverage *coverage = selected();
    if (!coverage)
        return;
    m_detailCard->setTitle(dimensionLabel(coverage->dimension));
    if (m_detailKind->current() == QLatin1String("values"))
        showValues(*coverage);
    else if (m_detailKind->current() == QLatin1String("spellings"))
        showVariants(*coverage);
    else
        showUntagged(*coverage);
}

void CoverageView::showUntagged(const TagCoverage &coverage)
{
    m_detailCard->setSubtitle(
        tr("What to tag first: rows without a value that agree in the rest. Enter shows the rows."));
    m_detail->setColumns({{tr("Rows without a value"), {}, false, ColumnWidth::Stretch},
                          {tr("Rows"), {}, true},
                          {tr("Cost"), {}, true},
                          {tr("Share of all cost"), {}, true}});
    m_detail->setEmptyText(tr("Every row carries a value."));
    std::vector<ValueRow> rows;
    for (const UntaggedGroup &group : coverage.untagged) {
        ValueCell text = ValueCell::ofText((group.isHarness ? tr("Harness · ") : QString()) + groupText(group));
        text.toolTip = text.text;
        rows.push_back({QStringLiteral("untagged\n%1").arg(rows.size()),
                        {text, rowsCell(group.rows), billCell(group.money, m_report->currency, {}),
                         shareCell(group.money, m_report->total)}});
    }
    m_detail->setRows(std::move(rows));
}

void CoverageView::showValues(const TagCoverage &coverage)
{
    m_detailCard->setSubtitle(
        coverage.values > coverage.largest.size()
            ? tr("The %1 of %2 values that carry most cost").arg(coverage.largest.size()).arg(coverage.values)
            : tr("All values by cost"));
    m_detail->setColumns({{tr("Value"), {}, false, ColumnWidth::Stretch},
                          {tr("Rows"), {}, true},
                          {tr("Cost"), {}, true},
                          {tr("Share of all cost"), {}, true}});
    m_detail->setEmptyText(tr("No row has a value."));
    std::vector<ValueRow> rows;
    for (const TagValue &value : coverage.largest)
        rows.push_back({QStringLiteral("value\n%1").arg(toQt(value.text)),
                        {ValueCell::ofText(toQt(value.text)), rowsCell(value.rows),
                         billCell(value.money, m_report->currency, {}), shareCell(value.money, m_report->total)}});
    m_detail->setRows(std::move(rows));
}

void CoverageView::showVariants(const TagCoverage &coverage)
{
    m_detailCard->setSubtitle(tr("They differ in capitals, blanks, punctuation, or a usual short form only"));
    m_detail->setColumns(
        {{tr("Probably one value"), {}, false, ColumnWidth::Stretch}, {tr("Rows"), {}, true}, {tr("Cost"), {}, true}});
    m_detail->setEmptyText(tr("No two values look like spellings of one."));
    std::vector<ValueRow> rows;
    for (const auto &group : coverage.variants) {
        QStringList names;
        std::int64_t count = 0;
        Money money;
        for (const TagValue &value : group) {
            names << QStringLiteral("“%1”").arg(toQt(value.text));
            count += value.rows;
            money += value.money;
        }
        ValueCell text = ValueCell::ofText(names.join(QStringLiteral(", ")));
        text.toolTip = text.text;
        rows.push_back({QStringLiteral("spelling\n%1").arg(rows.size()),
                        {text, rowsCell(count), billCell(money, m_report->currency, {})}});
    }
    m_detail->setRows(std::move(rows));
}

void CoverageView::showDimension()
{
    const TagCoverage *coverage = selected();
    if (!coverage) {
        inspectorTitle()->setText(tr("No dimension is selected"));
        m_facts->clear();
        m_spellings->clear();
        return;
    }
    inspectorTitle()->setText(dimensionLabel(coverage->dimension));
    const std::string &currency = m_report->currency;
    m_facts->setText(unbroken(tr("%1 of the cost carries a value: %2 in %3 rows. %4 in %5 rows does not.")
                                  .arg(toQt(shareText(coverage->with.toFemto(), m_report->total.toFemto())),
                                       toQt(moneyText(coverage->with.toFemto(), currency)),
                                       QLocale().toString(qlonglong{coverage->rowsWith}),
                                       toQt(moneyText(coverage->without.toFemto(), currency)),
                                       QLocale().toString(qlonglong{coverage->rowsWithout}))));
    setTextOrHide(m_spellings, coverage->variants.empty()
                                   ? QString()
                                   : tr("%1 groups of values are probably spellings of one; in breakdowns they stand "
                                        "apart. They are listed under Spellings.")
                                         .arg(coverage->variants.size()));
}

void CoverageView::openRows(const std::string &dimension, const std::vector<std::string> &values) const
{
    RowFilter filter;
    filter.scope.conditions[dimension] = values;
    showRows(RowKind::Requests, filter);
}

void CoverageView::openDetail(const QString &key)
{
    const TagCoverage *coverage = selected();
    if (!coverage)
        return;
    const QString kind = key.section(QLatin1Char('\n'), 0, 0);
    const QString which = key.section(QLatin1Char('\n'), 1);
    const auto at = static_cast<std::size_t>(which.toULongLong());
    if (kind == QLatin1String("value")) {
        openRows(coverage->dimension, {fromQt(which)});
    } else if (kind == QLatin1String("spelling") && at < coverage->variants.size()) {
        std::vector<std::string> values;
        for (const TagValue &value : coverage->variants[at])
            values.push_back(value.text);
        openRows(coverage->dimension, values);
    } else if (at < coverage->untagged.size()) {
        const UntaggedGroup &group = coverage->untagged[at];
        RowFilter filter;
        for (const auto &[dimension, value] : group.values)
            filter.scope.conditions[dimension] = {value};
        filter.scope.conditions[coverage->dimension] = {""};
        if (group.isHarness)
            filter.scope.conditions["category"] = {"Usage", "Purchase"};
        showRows(group.isHarness ? RowKind::Harness : RowKind::Requests, filter);
    }
}

} // namespace perunit
