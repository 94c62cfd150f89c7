// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/ledger/rule_card.h"

#include "app/pages/choices.h"
#include "app/pages/page_layout.h"
#include "app/shell/edit_controls.h"
#include "model/dimensions/rule_edits.h"
#include "model/figures/figure_builder.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/tables/value_table.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QFormLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int mostCases = 12;
constexpr QLatin1String otherwiseKey("otherwise");

} // namespace

RuleCard::RuleCard(WorkspaceDocument &document, QWidget *parent)
    : Card(tr("Dimensions made by rules"), parent)
    , m_document(document)
{
    setSubtitle(tr("The first rule that fits a row gives it its value"));
    m_choice = new ChoiceBox(tr("Dimension made by rules"), this);
    connect(m_choice, &ChoiceBox::valueEdited, this, [this](const std::string &name) {
        m_name = name;
        m_isNew = false;
        refresh();
    });
    addControl(m_choice);
    QPushButton *fresh = addAction(tr("New dimension…"), QStringLiteral("add"));
    connect(fresh, &QPushButton::clicked, this, &RuleCard::askForName);
    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space2);
    QLayout *actions = buildActionRow(column, content);
    m_actions = actions->parentWidget();
    m_add = addRowAction(actions, tr("Add rule"), QStringLiteral("add"));
    connect(m_add, &QPushButton::clicked, this, &RuleCard::startCase);
    m_up = addRowAction(actions, tr("Earlier"), QStringLiteral("chevron-up"));
    connect(m_up, &QPushButton::clicked, this, [this] { moveCase(-1); });
    m_down = addRowAction(actions, tr("Later"), QStringLiteral("chevron-down"));
    connect(m_down, &QPushButton::clicked, this, [this] { moveCase(1); });
    m_remove = addRowAction(actions, tr("Remove rule"), QStringLiteral("delete"));
    connect(m_remove, &QPushButton::clicked, this, &RuleCard::removeCase);
    m_note = newLabel({}, "caption", content);
    m_note->setWordWrap(true);
    m_cases = new ValueTable(tr("Rules"), content);
    m_cases->setFittingRows(mostCases);
    m_cases->setFixedOrder(true);
    m_cases->setColumns({{tr("Value"), {}, false},
                         {tr("Where"), {}, false, ColumnWidth::Stretch},
                         {tr("Rows"), tr("Requests and harness charges that this rule catches"), true},
                         {tr("Cost"), tr("Recorded, else priced"), true}});
    connect(m_cases, &ValueTable::currentKeyChanged, this, [this](const QString &key) {
        if (key.isEmpty())
            return;
        m_isNew = false;
        showEditor();
    });
    column->addWidget(m_note);
    column->addWidget(m_cases);
    column->addWidget(buildEditor(content));
    setContent(content);
    for (QPushButton *each : {fresh, m_add, m_up, m_down, m_remove, m_pattern})
        changesWorkspace(each);
}

QWidget *RuleCard::buildEditor(QWidget *parent)
{
    m_editor = new QWidget(parent);
    auto *form = new QFormLayout(m_editor);
    form->setContentsMargins(0, 0, 0, 0);
    m_value = new QLineEdit(m_editor);
    m_value->setAccessibleName(tr("Value of the rule"));
    m_when = new ScopeEdit(m_editor);
    m_when->setAccessibleName(tr("Where the rule holds"));
    m_pattern = new QPushButton(tr("Add a pattern…"), m_editor);
    m_pattern->setToolTip(tr("A text with * for any characters and ? for one"));
    m_otherwise = new QLineEdit(m_editor);
    m_otherwise->setAccessibleName(tr("Value where no rule fits"));
    m_otherwise->setPlaceholderText(tr("no value"));
    for (QWidget *each : std::initializer_list<QWidget *>{m_value, m_when, m_otherwise})
        changesWorkspace(each);
    form->addRow(tr("Value"), m_value);
    form->addRow(tr("Where"), m_when);
    m_pattern->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    form->addRow(QString(), m_pattern);
    form->addRow(tr("Otherwise"), m_otherwise);
    connect(m_value, &QLineEdit::editingFinished, this, &RuleCard::commitCase);
    connect(m_when, &ScopeEdit::scopeEdited, this, &RuleCard::commitCase);
    connect(m_pattern, &QPushButton::clicked, this, &RuleCard::askForPattern);
    connect(m_otherwise, &QLineEdit::editingFinished, this, [this] { setOtherwise(fromQt(m_otherwise->text())); });
    return m_editor;
}

VirtualDimension RuleCard::current() const
{
    const auto &dimensions = m_document.state().dimensions.dimensions;
    const auto found =
        std::find_if(dimensions.begin(), dimensions.end(), [this](const auto &each) { return each.name == m_name; });
    return found == dimensions.end() ? VirtualDimension{m_name, {}, {}} : *found;
}

int RuleCard::selectedCase() const
{
    bool isNumber = false;
    const int place = m_cases->currentKey().toInt(&isNumber);
    return isNumber && place < static_cast<int>(current().cases.size()) ? place : -1;
}

void RuleCard::show(std::shared_ptr<const DimensionUse> use)
{
    m_use = std::move(use);
    refresh();
}

void RuleCard::refresh()
{
    const auto &dimensions = m_document.state().dimensions.dimensions;
    const bool known =
        std::any_of(dimensions.begin(), dimensions.end(), [this](const auto &each) { return each.name == m_name; });
    if (!known && !m_isNew)
        m_name = dimensions.empty() ? std::string() : dimensions.front().name;
    std::vector<ChoiceItem> items;
    for (const VirtualDimension &each : dimensions)
        items.push_back({each.name, toQt(each.name), {}});
    m_choice->setItems(items);
    m_choice->setValue(m_name);
    m_choice->setVisible(!m_name.empty());
    m_cases->setVisible(!m_name.empty());
    m_actions->setVisible(!m_name.empty());
    m_when->setValues(scopeValues(m_document));
    showCases();
    showEditor();
}

void RuleCard::showCases()
{
    const VirtualDimension dimension = current();
    const bool counted = m_use && m_use->rules == m_document.state().dimensions;
    const DimensionUse::Virtual *use = nullptr;
    if (counted) {
        const auto found = std::find_if(m_use->dimensions.begin(), m_use->dimensions.end(),
                                        [this](const DimensionUse::Virtual &each) { return each.name == m_name; });
        use = found == m_use->dimensions.end() ? nullptr : &*found;
    }
    std::vector<ValueRow> rows;
    const auto add = [&](const QString &key, const QString &value, const QString &where, const CaseUse *caught) {
        ValueCell count = ValueCell::unknown(tr("being counted"));
        ValueCell cost = count;
        if (caught) {
            count = ValueCell::ofNumber(QLocale().toString(qlonglong{caught->rows}), static_cast<double>(caught->rows),
                                        caught->rows == 0 ? CellTone::Warning : CellTone::Normal);
            cost = ValueCell::ofNumber(toQt(moneyText(caught->money.toFemto(), m_use->currency)),
                                       caught->money.approximate());
            cost.exact = toQt(caught->money.text());
        }
        ValueCell text = ValueCell::ofText(where, CellTone::Secondary);
        text.toolTip = where;
        rows.push_back({key, {ValueCell::ofText(value, CellTone::Emphasis), text, count, cost}});
    };
    for (std::size_t i = 0; i < dimension.cases.size(); ++i)
        add(QString::number(i), toQt(dimension.cases[i].value), toQt(conditionText(dimension.cases[i].when)),
            use && i < use->cases.size() ? &use->cases[i] : nullptr);
    if (!dimension.cases.empty())
        add(otherwiseKey, dimension.otherwise.empty() ? tr("no value") : toQt(dimension.otherwise),
            tr("where no rule fits"), use ? &use->otherwise : nullptr);
    const QString key = m_cases->currentKey();
    m_cases->setEmptyText(tr("The first rule is still to be made: a value, and where it holds."));
    m_cases->setRows(std::move(rows));
    if (key.isEmpty() && !dimension.cases.empty() && !m_isNew)
        m_cases->setCurrentKey(QStringLiteral("0"));
    setTextOrHide(m_note, m_name.empty() ? tr("None yet. A rule says, for instance: product line is Support where the "
                                              "workload is support-* and the environment is prod.")
                                         : QString());
}

void RuleCard::showEditor()
{
    const VirtualDimension dimension = current();
    const int place = selectedCase();
    const bool hasCase = place >= 0 && !m_isNew;
    if (hasCase)
        m_draft = dimension.cases[static_cast<std::size_t>(place)];
    m_editor->setVisible(hasCase || m_isNew || !dimension.cases.empty());
    m_value->setText(hasCase || m_isNew ? toQt(m_draft.value) : QString());
    Scope scope;
    if (hasCase || m_isNew)
        scope.conditions = m_draft.when;
    m_when->setScope(scope);
    m_value->setEnabled(hasCase || m_isNew);
    m_when->setEnabled(hasCase || m_isNew);
    m_pattern->setEnabled(hasCase || m_isNew);
    m_otherwise->setText(toQt(dimension.otherwise));
    m_otherwise->setEnabled(!dimension.cases.empty());
    m_add->setEnabled(!m_name.empty());
    m_up->setEnabled(hasCase && place > 0);
    m_down->setEnabled(hasCase && place + 1 < static_cast<int>(dimension.cases.size()));
    m_remove->setEnabled(hasCase || m_isNew);
}

// ---- edits ------------------------------------------------------------------------------------------------

void RuleCard::change(const QString &text, const VirtualDimension &dimension)
{
    auto rules = withVirtual(m_document.state().dimensions, dimension);
    if (!rules) {
        emit refused(rules.error());
        refresh();
        return;
    }
    WorkspaceState next = m_document.state();
    next.dimensions = std::move(*rules);
    m_isNew = false;
    m_document.edit(text, std::move(next));
}

void RuleCard::begin(const std::string &name)
{
    m_name = name;
    startCase();
}

void RuleCard::startCase()
{
    m_draft = {};
    m_isNew = true;
    m_cases->setCurrentKey({});
    refresh();
    m_value->setFocus();
}

void RuleCard::addCase(const VirtualDimension::Case &one)
{
    VirtualDimension dimension = current();
    dimension.cases.push_back(one);
    change(tr("Add rule"), dimension);
    m_cases->setCurrentKey(QString::number(dimension.cases.size() - 1));
    showEditor();
}

/// A case that is being made waits until it has both a value and a condition.
void RuleCard::commitCase()
{
    m_draft.value = fromQt(m_value->text().trimmed());
    m_draft.when = m_when->scope().conditions;
    if (m_draft.value.empty() || m_draft.when.empty())
        return;
    if (m_isNew) {
        addCase(m_draft);
        return;
    }
    VirtualDimension dimension = current();
    const int place = selectedCase();
    if (place < 0 || dimension.cases[static_cast<std::size_t>(place)] == m_draft)
        return;
    dimension.cases[static_cast<std::size_t>(place)] = m_draft;
    change(tr("Change rule"), dimension);
}

void RuleCard::moveCase(int by)
{
    VirtualDimension dimension = current();
    const int place = selectedCase();
    const int to = place + by;
    if (place < 0 || to < 0 || to >= static_cast<int>(dimension.cases.size()))
        return;
    std::swap(dimension.cases[static_cast<std::size_t>(place)], dimension.cases[static_cast<std::size_t>(to)]);
    change(tr("Move rule"), dimension);
    m_cases->setCurrentKey(QString::number(to));
    showEditor();
}

void RuleCard::removeCase()
{
    if (m_isNew) {
        m_isNew = false;
        refresh();
        return;
    }
    VirtualDimension dimension = current();
    const int place = selectedCase();
    if (place < 0)
        return;
    dimension.cases.erase(dimension.cases.begin() + place);
    change(tr("Remove rule"), dimension);
}

void RuleCard::setOtherwise(const std::string &value)
{
    VirtualDimension dimension = current();
    if (dimension.cases.empty() || dimension.otherwise == value)
        return;
    dimension.otherwise = value;
    change(tr("Change rule"), dimension);
}

void RuleCard::askForName()
{
    bool accepted = false;
    const QString name =
        QInputDialog::getText(this, tr("New dimension"), tr("What is it called?"), QLineEdit::Normal, {}, &accepted);
    if (accepted && !name.trimmed().isEmpty())
        begin(fromQt(name.trimmed()));
}

void RuleCard::askForPattern()
{
    QStringList dimensions;
    for (const auto &[name, values] : scopeValues(m_document))
        dimensions << toQt(name);
    bool accepted = false;
    const QString dimension =
        QInputDialog::getItem(this, tr("Add a pattern"), tr("Dimension:"), dimensions, 0, true, &accepted);
    if (!accepted || dimension.trimmed().isEmpty())
        return;
    const QString pattern =
        QInputDialog::getText(this, tr("Add a pattern"), tr("Text with * for any characters and ? for one:"),
                              QLineEdit::Normal, {}, &accepted);
    if (!accepted)
        return;
    Scope scope = m_when->scope();
    scope.conditions[fromQt(dimension.trimmed())].push_back(fromQt(pattern));
    m_when->setScope(scope);
    commitCase();
}

} // namespace perunit
