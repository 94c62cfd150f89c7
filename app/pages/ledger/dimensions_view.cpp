// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/dimensions_view.h"

#include "app/pages/ledger/rule_card.h"
#include "app/pages/page_layout.h"
#include "app/pages/price_text.h"
#include "app/shell/edit_controls.h"
#include "model/dimensions/rule_edits.h"
#include "model/figures/figure_builder.h"
#include "widgets/feedback/card.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace perunit {

namespace {

constexpr int mostDimensions = 10;
constexpr int mostDetails = 12;
constexpr int mostNames = 4;
constexpr QLatin1String namesDetail("names");
constexpr QLatin1String tagRow("tag\n");
constexpr QLatin1String suggestedRow("suggested\n");
constexpr QLatin1String valueRow("value\n");
constexpr QLatin1String mergedRow("merged\n");

std::string plainName(const std::string &dimension)
{
    return dimension.starts_with("tag:") ? dimension.substr(4) : dimension;
}

/// Whether tags and values of it can be brought together; not of what a rule makes, and ids are nobody's spelling.
bool canBeOrdered(const std::string &dimension)
{
    return dimension.starts_with("tag:") || isTagTarget(dimension);
}

ValueCell countCell(std::int64_t count)
{
    return ValueCell::ofNumber(QLocale().toString(qlonglong{count}), static_cast<double>(count));
}

ValueCell amountCell(Money money, const std::string &currency)
{
    ValueCell cell = ValueCell::ofNumber(toQt(moneyText(money.toFemto(), currency)), money.approximate());
    cell.exact = toQt(money.text());
    return cell;
}

QString afterLine(const QString &key)
{
    return key.section(QLatin1Char('\n'), 1);
}

} // namespace

DimensionsView::DimensionsView(const LedgerContext &context, QWidget *parent)
    : FramedView(context, parent)
{
    buildFilled();
    m_facts = addInspectorText();
    inspectorRows()->addStretch();
}

void DimensionsView::buildFilled()
{
    QVBoxLayout *rows = scrollingColumn();
    auto *card = new Card(tr("Dimensions"), filled());
    card->setSubtitle(tr("How much cost carries each. The sources stay as they were imported."));
    auto *content = new QWidget(card);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space2);
    m_conflicts = newLabel({}, "body", content);
    m_conflicts->setWordWrap(true);
    m_table = new ValueTable(tr("Dimensions"), content);
    m_table->setFittingRows(mostDimensions);
    m_table->setColumns({{tr("Dimension"), {}, false},
                         {tr("Comes from"), tr("Tags that count as it, or rules"), false, ColumnWidth::Stretch},
                         {tr("With"), tr("Cost that carries a value"), true},
                         {tr("Without"), tr("Cost that carries none"), true},
                         {tr("Values"), tr("Number of different values"), true},
                         {tr("Conflicts"), tr("Rows on which two of its tags say different things"), true}});
    connect(m_table, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (key.isEmpty())
            return;
        m_selected = fromQt(key);
        showDetail();
        showFacts();
    });
    column->addWidget(m_conflicts);
    column->addWidget(m_table);
    card->setContent(content);
    rows->addWidget(card);
    rows->addWidget(buildDetail(filled()));
    m_rules = new RuleCard(document(), filled());
    connect(m_rules, &RuleCard::refused, this,
            [this](const Error &error) { window().showMessage(MessageKind::Warning, errorText(error)); });
    rows->addWidget(m_rules);
    rows->addStretch(1);
}

QWidget *DimensionsView::buildDetail(QWidget *parent)
{
    m_detailCard = new Card({}, parent);
    m_detailKind = new SegmentedSwitch(tr("Detail"), m_detailCard);
    m_detailKind->addOption(namesDetail, tr("Tags"), {}, tr("Tags that count as this dimension"));
    m_detailKind->addOption(QStringLiteral("values"), tr("Values"), {}, tr("Values, and which texts are one"));
    connect(m_detailKind, &SegmentedSwitch::currentChanged, this, &DimensionsView::showDetail);
    m_detailCard->addControl(m_detailKind);
    auto *content = new QWidget(m_detailCard);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space2);
    QLayout *actions = buildActionRow(column, content);
    m_accept = addRowAction(actions, tr("Accept suggestions"), QStringLiteral("check"));
    m_add = addRowAction(actions, tr("Bring together…"), QStringLiteral("add"));
    m_separate = addRowAction(actions, tr("Separate"), QStringLiteral("delete"));
    for (QPushButton *each : {m_accept, m_add, m_separate})
        changesWorkspace(each);
    connect(m_accept, &QPushButton::clicked, this, &DimensionsView::acceptSuggestion);
    connect(m_add, &QPushButton::clicked, this,
            [this] { m_detailKind->current() == namesDetail ? askForTag() : askForValue(); });
    connect(m_separate, &QPushButton::clicked, this, &DimensionsView::separate);
    m_detail = new ValueTable(tr("Tags and values of the dimension"), content);
    m_detail->setFittingRows(mostDetails);
    connect(m_detail, &ValueTable::currentKeyChanged, this, &DimensionsView::showButtons);
    column->addWidget(m_detail);
    m_detailCard->setContent(content);
    return m_detailCard;
}

void DimensionsView::refresh()
{
    m_report = facts().coverage();
    if (showFilled(m_report != nullptr, m_report && m_report->rows > 0, tr("Adding up the cost of every value…"),
                   tr("The active sources hold no requests and no harness charges."))) {
        showDimensions();
        m_rules->show(facts().dimensionUse());
    }
    showDetail();
    showFacts();
}

const TagCoverage *DimensionsView::selected() const
{
    if (!m_report)
        return nullptr;
    const auto found = std::find_if(m_report->dimensions.begin(), m_report->dimensions.end(),
                                    [this](const TagCoverage &each) { return each.dimension == m_selected; });
    return found == m_report->dimensions.end() ? nullptr : &*found;
}

void DimensionsView::select(const std::string &dimension)
{
    m_selected = dimension;
    m_table->setCurrentKey(toQt(dimension));
    showDetail();
    showFacts();
}

std::vector<const TagUse *> DimensionsView::tagsOf(const std::string &dimension) const
{
    std::vector<const TagUse *> result;
    const auto ledger = document().ledger();
    if (!ledger || !ledger->dimensions)
        return result;
    for (const TagUse &tag : ledger->dimensions->tags) {
        if (tag.dimension == dimension && tag.rows > 0)
            result.push_back(&tag);
    }
    return result;
}

void DimensionsView::showDimensions()
{
    const auto ledger = document().ledger();
    const DimensionReport report = ledger && ledger->dimensions ? *ledger->dimensions : DimensionReport();
    QStringList notes;
    if (report.conflicts > 0)
        notes << tr("On %1 rows two tags that count as one dimension say different things; the first one counts. "
                    "For example %2.")
                     .arg(QLocale().toString(qlonglong{report.conflicts}), toQt(report.conflictExample));
    QStringList several;
    const TagCoverage *firstSuggested = nullptr;
    for (const TagCoverage &coverage : m_report->dimensions) {
        if (!canBeOrdered(coverage.dimension) || (coverage.variants.empty() && suggestedTags(coverage).empty()))
            continue;
        several << dimensionLabel(coverage.dimension);
        firstSuggested = firstSuggested ? firstSuggested : &coverage;
    }
    if (several.size() > mostNames)
        several = several.first(mostNames) << tr("%1 others").arg(several.size() - mostNames);
    if (!several.isEmpty())
        notes << tr("Probably one thing is written in several ways in: %1.").arg(several.join(QStringLiteral(", ")));
    setTextOrHide(m_conflicts, notes.join(QLatin1Char('\n')));
    const auto &rules = document().state().dimensions;
    std::vector<ValueRow> rows;
    for (const TagCoverage &coverage : m_report->dimensions) {
        const bool made = std::any_of(rules.dimensions.begin(), rules.dimensions.end(),
                                      [&coverage](const auto &each) { return each.name == coverage.dimension; });
        QStringList names;
        std::int64_t conflicts = 0;
        for (const TagUse *tag : tagsOf(coverage.dimension)) {
            names << toQt(tag->key);
            conflicts += tag->conflicts;
        }
        ValueCell from = ValueCell::ofText(made              ? tr("rules")
                                           : names.isEmpty() ? tr("as imported")
                                                             : names.join(QStringLiteral(", ")),
                                           CellTone::Secondary);
        from.toolTip = from.text;
        ValueRow row;
        row.key = toQt(coverage.dimension);
        row.cells = {ValueCell::ofText(dimensionLabel(coverage.dimension), CellTone::Emphasis),
                     from,
                     amountCell(coverage.with, m_report->currency),
                     amountCell(coverage.without, m_report->currency),
                     countCell(static_cast<std::int64_t>(coverage.values)),
                     ValueCell::ofNumber(QLocale().toString(qlonglong{conflicts}), static_cast<double>(conflicts),
                                         conflicts > 0 ? CellTone::Warning : CellTone::Secondary)};
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows));
    if (!selected() && !m_report->dimensions.empty())
        m_selected = (firstSuggested ? *firstSuggested : m_report->dimensions.front()).dimension;
    m_table->setCurrentKey(toQt(m_selected));
}

/// Other tags and dimensions that are probably called otherwise only.
std::vector<std::string> DimensionsView::suggestedTags(const TagCoverage &coverage) const
{
    std::vector<std::string> result;
    for (const auto &group : m_report->keyVariants) {
        if (std::find(group.begin(), group.end(), coverage.dimension) == group.end())
            continue;
        for (const std::string &other : group) {
            if (other != coverage.dimension && other.starts_with("tag:"))
                result.push_back(plainName(other));
        }
    }
    return result;
}

void DimensionsView::showDetail()
{
    const TagCoverage *coverage = selected();
    const bool shown = coverage && canBeOrdered(coverage->dimension);
    m_detailCard->setVisible(shown);
    if (!shown)
        return;
    m_detailCard->setTitle(dimensionLabel(coverage->dimension));
    if (m_detailKind->current() == namesDetail)
        showNames(*coverage);
    else
        showValues(*coverage);
    showButtons();
}

void DimensionsView::showNames(const TagCoverage &coverage)
{
    m_detailCard->setSubtitle(tr("Tags that differ only in capitals, blanks and punctuation are one by themselves"));
    m_detail->setColumns({{tr("Tag"), {}, false, ColumnWidth::Stretch},
                          {tr("Rows"), tr("Requests and charges with a value of it"), true},
                          {tr("Contradictions"), tr("Rows on which another tag said something else before"), true},
                          {tr("State"), {}, false, ColumnWidth::Stretch}});
    m_detail->setEmptyText(tr("No tag counts as this dimension."));
    const TagAlias *alias = aliasOf(document().state().dimensions, coverage.dimension);
    std::vector<ValueRow> rows;
    for (const TagUse *tag : tagsOf(coverage.dimension)) {
        const bool brought = alias && std::any_of(alias->keys.begin(), alias->keys.end(), [tag](const auto &key) {
                                 return foldedTagKey(key) == foldedTagKey(tag->key);
                             });
        rows.push_back({tagRow + toQt(tag->key),
                        {ValueCell::ofText(toQt(tag->key)), countCell(tag->rows), countCell(tag->conflicts),
                         ValueCell::ofText(tag->conflicts > 0 ? tr("contradicts: %1").arg(toQt(tag->example))
                                           : brought          ? tr("counts as this dimension")
                                                              : tr("is this dimension"),
                                           tag->conflicts > 0 ? CellTone::Warning : CellTone::Secondary)}});
    }
    for (const std::string &key : suggestedTags(coverage)) {
        const auto ledger = document().ledger();
        const TagUse *use = ledger && ledger->dimensions ? ledger->dimensions->tag(key) : nullptr;
        rows.push_back({suggestedRow + toQt(key),
                        {ValueCell::ofText(toQt(key)), countCell(use ? use->rows : 0), countCell(0),
                         ValueCell::ofText(tr("probably the same"), CellTone::Warning)}});
    }
    m_detail->setRows(std::move(rows));
}

void DimensionsView::showValues(const TagCoverage &coverage)
{
    m_detailCard->setSubtitle(coverage.values > coverage.largest.size()
                                  ? tr("The %1 of %2 values that carry most cost; select several to make them one")
                                        .arg(coverage.largest.size())
                                        .arg(coverage.values)
                                  : tr("Select several to make them one"));
    m_detail->setColumns({{tr("Value"), {}, false, ColumnWidth::Stretch},
                          {tr("Rows"), {}, true},
                          {tr("Cost"), {}, true},
                          {tr("Also written"), {}, false, ColumnWidth::Stretch}});
    m_detail->setEmptyText(tr("No row has a value."));
    const TagAlias *alias = aliasOf(document().state().dimensions, coverage.dimension);
    std::map<std::string, QString> probably;
    for (const auto &group : coverage.variants) {
        for (const TagValue &value : group)
            probably[value.text] = tr("probably “%1”").arg(toQt(group.front().text));
        probably.erase(group.front().text);
    }
    std::vector<ValueRow> rows;
    std::set<std::string> listed;
    for (const TagValue &value : coverage.largest) {
        const auto merged = alias ? std::find_if(alias->values.begin(), alias->values.end(),
                                                 [&value](const auto &each) { return each.first == value.text; })
                                  : decltype(alias->values.begin())();
        const bool isMerged = alias && merged != alias->values.end();
        QStringList texts;
        for (const std::string &text : isMerged ? merged->second : std::vector<std::string>{})
            texts << toQt(text);
        const auto guess = probably.find(value.text);
        if (guess != probably.end())
            texts << guess->second;
        ValueCell also = ValueCell::ofText(texts.join(QStringLiteral(", ")),
                                           guess != probably.end() ? CellTone::Warning : CellTone::Secondary);
        also.toolTip = also.text;
        listed.insert(value.text);
        rows.push_back({(isMerged ? mergedRow : valueRow) + toQt(value.text),
                        {ValueCell::ofText(toQt(value.text)), countCell(value.rows),
                         amountCell(value.money, m_report->currency), also}});
    }
    // Rules for values that no row has any more stay in sight.
    for (const auto &[value, patterns] : alias ? alias->values : decltype(alias->values)()) {
        if (!listed.insert(value).second)
            continue;
        QStringList texts;
        for (const std::string &pattern : patterns)
            texts << toQt(pattern);
        rows.push_back({mergedRow + toQt(value),
                        {ValueCell::ofText(toQt(value)), ValueCell::unknown(tr("not among the largest values")),
                         ValueCell::unknown(tr("not among the largest values")),
                         ValueCell::ofText(texts.join(QStringLiteral(", ")), CellTone::Secondary)}});
    }
    m_detail->setRows(std::move(rows));
}

void DimensionsView::showButtons()
{
    const TagCoverage *coverage = selected();
    if (!coverage)
        return;
    const bool names = m_detailKind->current() == namesDetail;
    const QString key = m_detail->currentKey();
    m_accept->setEnabled(names ? !suggestedTags(*coverage).empty() : !coverage->variants.empty());
    m_add->setEnabled(names || !m_detail->selectedKeys().isEmpty());
    const TagAlias *alias = aliasOf(document().state().dimensions, coverage->dimension);
    const auto brought = [&] {
        return alias && std::any_of(alias->keys.begin(), alias->keys.end(), [&key](const auto &each) {
                   return foldedTagKey(each) == foldedTagKey(fromQt(afterLine(key)));
               });
    };
    m_separate->setEnabled(names ? key.startsWith(tagRow) && brought() : key.startsWith(mergedRow));
}

void DimensionsView::showFacts()
{
    const TagCoverage *coverage = selected();
    if (!coverage) {
        inspectorTitle()->setText(tr("No dimension is selected"));
        m_facts->clear();
        return;
    }
    inspectorTitle()->setText(dimensionLabel(coverage->dimension));
    QStringList lines{tr("%1 in %2 rows carry a value, %3 in %4 rows do not.")
                          .arg(toQt(moneyText(coverage->with.toFemto(), m_report->currency)),
                               QLocale().toString(qlonglong{coverage->rowsWith}),
                               toQt(moneyText(coverage->without.toFemto(), m_report->currency)),
                               QLocale().toString(qlonglong{coverage->rowsWithout}))};
    for (const TagUse *tag : tagsOf(coverage->dimension)) {
        if (tag->conflicts > 0)
            lines << tr("On %1 rows the tag “%2” contradicts what stood there before: %3. The first one counts.")
                         .arg(QLocale().toString(qlonglong{tag->conflicts}), toQt(tag->key), toQt(tag->example));
    }
    m_facts->setText(lines.join(QStringLiteral("\n\n")));
}

// ---- edits ------------------------------------------------------------------------------------------------

void DimensionsView::change(const QString &text, const Result<DimensionRules> &rules)
{
    if (!rules) {
        window().showMessage(MessageKind::Warning, errorText(rules.error()));
        return;
    }
    WorkspaceState next = document().state();
    next.dimensions = *rules;
    document().edit(text, std::move(next));
}

void DimensionsView::bringTogether(const std::vector<std::string> &keys)
{
    change(tr("Bring tags together"), withTagsAs(document().state().dimensions, m_selected, keys));
}

void DimensionsView::mergeValues(const std::string &value, const std::vector<std::string> &texts)
{
    change(tr("Make values one"), withValuesAs(document().state().dimensions, m_selected, value, texts));
}

void DimensionsView::askForTag()
{
    QStringList others;
    for (const TagCoverage &coverage : m_report->dimensions) {
        if (coverage.dimension.starts_with("tag:") && coverage.dimension != m_selected)
            others << toQt(plainName(coverage.dimension));
    }
    bool accepted = false;
    const QString key = QInputDialog::getItem(this, tr("Bring together"),
                                              tr("Tag that counts as %1 from now on:").arg(dimensionLabel(m_selected)),
                                              others, 0, true, &accepted);
    if (accepted && !key.trimmed().isEmpty())
        bringTogether({fromQt(key.trimmed())});
}

void DimensionsView::askForValue()
{
    std::vector<std::string> texts;
    QStringList names;
    for (const QString &key : m_detail->selectedKeys()) {
        names << afterLine(key);
        texts.push_back(fromQt(afterLine(key)));
    }
    if (texts.empty())
        return;
    bool accepted = false;
    const QString value =
        QInputDialog::getItem(this, tr("Make values one"), tr("The value that they are:"), names, 0, true, &accepted);
    if (accepted && !value.trimmed().isEmpty())
        mergeValues(fromQt(value.trimmed()), texts);
}

void DimensionsView::acceptSuggestion()
{
    const TagCoverage *coverage = selected();
    if (!coverage)
        return;
    if (m_detailKind->current() == namesDetail) {
        bringTogether(suggestedTags(*coverage));
        return;
    }
    Result<DimensionRules> rules = document().state().dimensions;
    for (const auto &group : coverage->variants) {
        std::vector<std::string> texts;
        for (const TagValue &value : group)
            texts.push_back(value.text);
        if (rules)
            rules = withValuesAs(*rules, m_selected, group.front().text, texts);
    }
    change(tr("Make values one"), rules);
}

void DimensionsView::separate()
{
    const std::string name = fromQt(afterLine(m_detail->currentKey()));
    const auto &rules = document().state().dimensions;
    if (m_detailKind->current() == namesDetail)
        change(tr("Separate tag"), withTagAlone(rules, name));
    else
        change(tr("Separate values"), withValueApart(rules, m_selected, name));
}

} // namespace perunit
