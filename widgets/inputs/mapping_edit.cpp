// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/mapping_edit.h"

#include "widgets/inputs/choice_box.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

// Choices beside the columns of the file; header names cannot begin with this character.
const std::string noColumn;
const std::string constantChoice("\x01constant");
constexpr const char *offeredPrefix = "\x01offered:"; ///< before a text that is offered for all rows
constexpr int mostSamples = 3;
const QString tagPrefix = QStringLiteral("tag:");

enum GridColumn { FieldColumn, ChoiceColumn, SampleColumn };

} // namespace

MappingEdit::MappingEdit(QWidget *parent)
    : MappingEdit(MappingPurpose::Requests, parent)
{}

MappingEdit::MappingEdit(MappingPurpose purpose, QWidget *parent)
    : QWidget(parent)
    , m_purpose(purpose)
    , m_state(new QLabel(this))
    , m_includesCache(new QCheckBox(tr("The input column counts cached tokens too"), this))
{
    setAccessibleName(tr("Column mapping"));
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    rows->addWidget(m_state);
    m_includesCache->setToolTip(tr("OpenAI's prompt tokens include cached ones; Anthropic's input tokens do not."));
    m_includesCache->setAccessibleDescription(m_includesCache->toolTip());
    rows->addWidget(m_includesCache);
    auto *add = new QPushButton(tr("Add a tag…"), this);
    add->setIcon(themedIcon(QStringLiteral("add")));
    add->setProperty("role", "quiet");
    add->setToolTip(tr("Keeps another column as a tag to group and limit by"));
    add->setAccessibleName(tr("Add a tag"));
    add->setVisible(m_purpose == MappingPurpose::Requests);
    rows->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, &MappingEdit::askForTag);
    connect(m_includesCache, &QCheckBox::clicked, this, [this](bool on) {
        MappingValue next = m_value;
        next.inputIncludesCache = on;
        change(next);
    });
    rebuild();
}

void MappingEdit::setContent(const std::vector<MappingField> &fields, const std::vector<MappingColumn> &columns,
                             const MappingValue &value)
{
    m_columns = columns;
    m_value = value;
    m_fields = fields;
    m_problem.clear();
    const auto known = [this](const QString &name) {
        return std::any_of(m_fields.begin(), m_fields.end(),
                           [&name](const MappingField &field) { return field.name == name; });
    };
    // What a mapping file says beyond the usual fields is shown too, not lost.
    for (const auto *named : {&value.columns, &value.constants}) {
        for (const auto &[name, unused] : *named) {
            if (!known(name))
                m_fields.push_back(extraField(name));
        }
    }
    rebuild();
}

MappingField MappingEdit::extraField(const QString &name)
{
    MappingField field;
    field.name = name;
    field.group = tr("Tags and other fields");
    field.label = name.startsWith(tagPrefix) ? tr("Tag %1").arg(name.mid(tagPrefix.size())) : name;
    field.constantAllowed = true;
    return field;
}

bool MappingEdit::addTag(const QString &tag)
{
    const QString name = tagPrefix + tag.trimmed();
    const bool known = std::any_of(m_fields.begin(), m_fields.end(),
                                   [&name](const MappingField &field) { return field.name == name; });
    if (tag.trimmed().isEmpty() || known)
        return false;
    m_fields.push_back(extraField(name));
    rebuild();
    return true;
}

void MappingEdit::askForTag()
{
    bool accepted = false;
    const QString tag =
        QInputDialog::getText(this, tr("Add a tag"), tr("Name of the tag:"), QLineEdit::Normal, {}, &accepted);
    if (accepted)
        addTag(tag);
}

void MappingEdit::rebuild()
{
    delete m_table;
    m_rows.clear();
    m_table = new QWidget(this);
    auto *grid = new QGridLayout(m_table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Theme::space3);
    grid->setVerticalSpacing(Theme::space1);
    grid->setColumnMinimumWidth(FieldColumn, 170);
    grid->setColumnMinimumWidth(ChoiceColumn, 260);
    grid->setColumnStretch(ChoiceColumn, 2);
    grid->setColumnStretch(SampleColumn, 3);
    int line = 0;
    QString group;
    for (const MappingField &field : m_fields) {
        if (line == 0 || field.group != group) {
            group = field.group;
            auto *heading = new QLabel(group, m_table);
            heading->setProperty("role", "heading");
            if (line > 0)
                grid->setRowMinimumHeight(line++, Theme::space2);
            grid->addWidget(heading, line++, FieldColumn, 1, 3);
        }
        addRow(field, grid, line++);
    }
    static_cast<QVBoxLayout *>(layout())->insertWidget(1, m_table);
    for (const Row &row : m_rows)
        showRow(row);
    showState();
}

void MappingEdit::addRow(const MappingField &field, QGridLayout *grid, int line)
{
    const std::size_t index = m_rows.size();
    Row row;
    row.field = field;
    row.label = new QLabel(m_table);
    row.label->setToolTip(field.help);
    grid->addWidget(row.label, line, FieldColumn);

    auto *place = new QHBoxLayout;
    place->setSpacing(Theme::space1);
    row.column = new ChoiceBox(tr("Column for %1").arg(field.label), m_table);
    row.column->setProperty("compact", true);
    std::vector<ChoiceItem> items{{noColumn, tr("(not in the file)"), {}}};
    for (const QString &text : field.constants)
        items.push_back({offeredPrefix + fromQt(text), text, tr("for all rows")});
    if (field.constantAllowed)
        items.push_back({constantChoice, tr("Fixed value"), {}});
    for (const MappingColumn &column : m_columns)
        items.push_back(
            {fromQt(column.header), column.header, column.samples.mid(0, mostSamples).join(QStringLiteral(" · "))});
    row.column->setItems(items);
    row.label->setBuddy(row.column);
    place->addWidget(row.column, 1);
    row.constant = new QLineEdit(m_table);
    row.constant->setProperty("compact", true);
    row.constant->setPlaceholderText(tr("value for all rows"));
    row.constant->setAccessibleName(tr("%1 of all rows").arg(field.label));
    place->addWidget(row.constant, 1);
    grid->addLayout(place, line, ChoiceColumn);

    row.sample = new QLabel(m_table);
    row.sample->setProperty("role", "caption");
    row.sample->setTextFormat(Qt::PlainText);
    row.sample->setMinimumWidth(1);
    grid->addWidget(row.sample, line, SampleColumn);
    m_rows.push_back(row);
    connect(row.column, &ChoiceBox::valueEdited, this,
            [this, index](const std::string &choice) { columnChosen(index, choice); });
    connect(row.constant, &QLineEdit::textEdited, this,
            [this, index](const QString &text) { constantTyped(index, text); });
}

void MappingEdit::showRow(const Row &row)
{
    const auto column = m_value.columns.find(row.field.name);
    const auto constant = m_value.constants.find(row.field.name);
    const bool fromColumn = column != m_value.columns.end();
    const bool fromConstant = !fromColumn && constant != m_value.constants.end();
    // A text that is typed stays in its line, even when it becomes one that is offered.
    const bool offered = fromConstant && row.field.constants.contains(constant->second) && !row.constant->hasFocus();
    row.column->setValue(fromColumn     ? fromQt(column->second)
                         : offered      ? offeredPrefix + fromQt(constant->second)
                         : fromConstant ? constantChoice
                                        : noColumn);
    row.constant->setVisible(fromConstant && !offered);
    if (fromConstant && row.constant->text() != constant->second)
        row.constant->setText(constant->second);
    QString sample;
    if (fromColumn) {
        const auto found = std::find_if(m_columns.begin(), m_columns.end(),
                                        [&](const MappingColumn &each) { return each.header == column->second; });
        sample = found == m_columns.end() ? tr("The file has no column of this name")
                                          : QStringList(found->samples.mid(0, mostSamples)).join(QStringLiteral(" · "));
        setTone(row.sample, found == m_columns.end() ? "unfavourable" : "");
    }
    row.sample->setText(sample);
    row.sample->setToolTip(sample);
    row.label->setText(row.field.required ? row.field.label + QStringLiteral(" *") : row.field.label);
    row.column->setAccessibleDescription(row.field.required ? tr("Required. %1").arg(row.field.help) : row.field.help);
    const bool lacking = row.field.required && !isFed(row.field.name);
    setTone(row.label, lacking ? "unfavourable" : isFed(row.field.name) ? "" : "secondary");
    row.column->setProperty("wrong", lacking);
    row.column->update();
}

void MappingEdit::showState()
{
    const QStringList lacking = missing();
    const bool complete = m_problem.isEmpty() && lacking.isEmpty();
    m_state->setText(complete               ? tr("Every required field has a column.")
                     : !m_problem.isEmpty() ? m_problem
                                            : tr("Still needed: %1.").arg(lacking.join(QStringLiteral(", "))));
    setTone(m_state, complete ? "favourable" : "unfavourable");
    m_includesCache->setChecked(m_value.inputIncludesCache);
    m_includesCache->setVisible(m_purpose == MappingPurpose::Requests
                                && m_value.columns.contains(QStringLiteral("input")));
}

bool MappingEdit::isFed(const QString &field) const
{
    const auto constant = m_value.constants.find(field);
    if (constant != m_value.constants.end() && !constant->second.trimmed().isEmpty())
        return true;
    const auto column = m_value.columns.find(field);
    return column != m_value.columns.end()
           && std::any_of(m_columns.begin(), m_columns.end(),
                          [&](const MappingColumn &each) { return each.header == column->second; });
}

QStringList MappingEdit::missing() const
{
    QStringList labels;
    for (const MappingField &field : m_fields) {
        if (field.required && !isFed(field.name))
            labels << field.label;
    }
    return labels;
}

void MappingEdit::setRequired(const QString &field, bool required)
{
    for (MappingField &each : m_fields)
        each.required = each.name == field ? required : each.required;
    for (Row &row : m_rows) {
        if (row.field.name != field || row.field.required == required)
            continue;
        row.field.required = required;
        showRow(row);
    }
    showState();
}

void MappingEdit::setProblem(const QString &problem)
{
    m_problem = problem;
    showState();
}

void MappingEdit::columnChosen(std::size_t row, const std::string &choice)
{
    const QString name = m_rows[row].field.name;
    MappingValue next = m_value;
    next.columns.erase(name);
    next.constants.erase(name);
    if (choice == constantChoice)
        next.constants[name] = m_rows[row].constant->text().trimmed();
    else if (choice.starts_with(offeredPrefix))
        next.constants[name] = toQt(std::string_view(choice).substr(std::string_view(offeredPrefix).size()));
    else if (choice != noColumn)
        next.columns[name] = toQt(choice);
    if (choice == constantChoice) {
        m_rows[row].constant->show();
        m_rows[row].constant->setFocus();
    }
    change(next);
}

void MappingEdit::constantTyped(std::size_t row, const QString &text)
{
    MappingValue next = m_value;
    next.constants[m_rows[row].field.name] = text.trimmed();
    change(next);
}

void MappingEdit::change(const MappingValue &value)
{
    if (value == m_value)
        return;
    m_value = value;
    m_problem.clear();
    for (const Row &row : m_rows)
        showRow(row);
    showState();
    emit edited(m_value);
}

} // namespace perunit
