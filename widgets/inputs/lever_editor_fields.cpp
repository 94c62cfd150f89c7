// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a lever: one per parameter, those that few need behind "More settings".
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/lever_editor.h"
#include "widgets/inputs/parameter_row.h"
#include "widgets/inputs/reset_dot.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr std::string_view hitShare = "hit_share";
constexpr std::string_view lifetime = "ttl";
constexpr std::string_view hitMode = "mode";
constexpr std::string_view measuredMode = "measured";
constexpr std::string_view oneHour = "1h";

QString shareText(PartsPerMillion share, const QLocale &locale)
{
    // One decimal, rounded half up; how exact it is does not depend on what is shown.
    return locale.toString(static_cast<double>((share + 500) / 1000) / 10.0, 'f', 1) + QStringLiteral(" %");
}

} // namespace

void LeverEditor::buildParameters(QVBoxLayout *rows)
{
    const auto &parameters = leverSpec(m_kind).parameters;
    auto *basic = rows;
    QVBoxLayout *advanced = nullptr;
    if (std::any_of(parameters.begin(), parameters.end(), [](const ParameterSpec &spec) { return spec.advanced; })) {
        m_advanced = new QWidget(m_body);
        advanced = new QVBoxLayout(m_advanced);
        advanced->setContentsMargins(0, 0, 0, 0);
        advanced->setSpacing(Theme::space2);
    }
    for (const ParameterSpec &spec : parameters) {
        const std::string name(spec.name);
        QVBoxLayout *place = spec.advanced ? advanced : basic;
        if (!isNumeric(spec.unit)) {
            place->addWidget(newTextRow(spec));
            continue;
        }
        auto *row = new ParameterRow(spec, spec.advanced ? m_advanced : m_body);
        m_numbers[name] = row;
        place->addWidget(row);
        connect(row, &ParameterRow::edited, this, [this, name](qint64 value, bool whileDragging) {
            Lever next = m_entry.lever;
            next.numbers[name] = value;
            change(next, whileDragging);
        });
    }
    if (m_advanced)
        buildAdvanced(rows);
}

void LeverEditor::buildAdvanced(QVBoxLayout *rows)
{
    m_advancedButton = new QToolButton(m_body);
    m_advancedButton->setAutoRaise(true);
    m_advancedButton->setFont(Theme::font(Theme::TextRole::Caption));
    m_advancedButton->setIconSize({14, 14});
    m_advancedButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    rows->addWidget(m_advancedButton, 0, Qt::AlignLeft);
    rows->addWidget(m_advanced);
    connect(m_advancedButton, &QToolButton::clicked, this, [this] { setAdvancedShown(m_advanced->isHidden()); });
    setAdvancedShown(false);
}

void LeverEditor::setAdvancedShown(bool shown)
{
    if (!m_advanced)
        return;
    m_advanced->setVisible(shown);
    m_advancedButton->setText(shown ? tr("Fewer settings") : tr("More settings"));
    m_advancedButton->setIcon(themedIcon(shown ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down")));
    QStringList names;
    for (const ParameterSpec &spec : leverSpec(m_kind).parameters) {
        if (spec.advanced)
            names << toQt(spec.label);
    }
    m_advancedButton->setToolTip(names.join(QStringLiteral(", ")));
    m_advancedButton->setAccessibleName(shown ? tr("Fewer settings of %1").arg(accessibleName())
                                              : tr("More settings of %1").arg(accessibleName()));
    m_advancedButton->setAccessibleDescription(names.join(QStringLiteral(", ")));
}

QWidget *LeverEditor::newTextRow(const ParameterSpec &spec)
{
    const std::string name(spec.name);
    auto *row = new QWidget(spec.advanced ? m_advanced : m_body);
    auto *lines = new QVBoxLayout(row);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setSpacing(2);
    auto *title = new QLabel(toQt(spec.label), row);
    title->setToolTip(toQt(spec.help));
    auto *dot = new ResetDot(row);
    QSizePolicy kept = dot->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    dot->setSizePolicy(kept);
    head->addWidget(title);
    head->addWidget(dot);
    head->addStretch(1);
    lines->addLayout(head);
    m_texts[name].dot = dot;
    addTextField(spec, row, lines);
    title->setBuddy(textField(name));
    auto *problem = new QLabel(row);
    problem->setProperty("role", "problem");
    problem->setWordWrap(true);
    problem->setTextFormat(Qt::PlainText);
    problem->hide();
    m_texts[name].problem = problem;
    lines->addWidget(problem);
    connect(dot, &QToolButton::clicked, this, [this, name] {
        textField(name)->setFocus(Qt::OtherFocusReason); // the dot goes away
        setText(name, origin() ? origin()->text(name) : std::string());
    });
    return row;
}

void LeverEditor::addTextField(const ParameterSpec &spec, QWidget *row, QVBoxLayout *lines)
{
    const std::string name(spec.name);
    TextRow &text = m_texts[name];
    if (spec.unit == ParameterUnit::Text) {
        text.line = new QLineEdit(row);
        text.line->setAccessibleName(toQt(spec.label));
        text.line->setPlaceholderText(toQt(spec.help));
        auto *completer = new QCompleter(text.line);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        completer->setFilterMode(Qt::MatchContains);
        completer->setModel(new QStringListModel(completer));
        text.line->setCompleter(completer);
        connect(text.line, &QLineEdit::editingFinished, this, [this, name] { takeLine(name); });
    } else {
        text.box = new ChoiceBox(toQt(spec.label), row);
        connect(text.box, &ChoiceBox::valueEdited, this,
                [this, name](const std::string &value) { setText(name, value); });
        connect(text.box, &ChoiceBox::refused, this, [this, name](const QString &why) {
            m_texts.at(name).refusal = why;
            showTextProblem(name);
        });
    }
    QWidget *field = textField(name);
    field->setProperty("compact", true);
    field->setAccessibleDescription(toQt(spec.help));
    lines->addWidget(field);
}

QWidget *LeverEditor::textField(const std::string &name) const
{
    const TextRow &row = m_texts.at(name);
    return row.box ? static_cast<QWidget *>(row.box) : row.line;
}

void LeverEditor::showTextProblem(const std::string &name)
{
    const TextRow &row = m_texts.at(name);
    const QString &text = row.refusal.isEmpty() ? row.problemText : row.refusal;
    row.problem->setText(text);
    row.problem->setVisible(!text.isEmpty());
    QWidget *field = textField(name);
    field->setProperty("wrong", !text.isEmpty());
    field->update();
}

/// "eur" is the currency EUR: what is among the suggestions is taken as it is written there.
void LeverEditor::takeLine(const std::string &name)
{
    const QString typed = m_texts.at(name).line->text().trimmed();
    std::string value = fromQt(typed);
    for (const ChoiceItem &each : m_choices.currencies) {
        if (toQt(each.value).compare(typed, Qt::CaseInsensitive) == 0)
            value = each.value;
    }
    m_texts.at(name).line->setModified(false);
    setText(name, value);
    m_texts.at(name).line->setText(toQt(m_entry.lever.text(name)));
}

void LeverEditor::setText(const std::string &name, const std::string &value)
{
    Lever next = m_entry.lever;
    if (value.empty())
        next.texts.erase(name);
    else
        next.texts[name] = value;
    change(next);
}

/// A list whose lever says nothing stands at its first value, which is what then holds; terms and models have none.
std::string LeverEditor::shownText(const std::string &name) const
{
    const std::string value = m_entry.lever.text(name);
    const ParameterSpec *spec = leverSpec(m_kind).parameter(name);
    if (!value.empty() || !spec || spec->unit != ParameterUnit::Choice || spec->choices.empty() || spec->name == "term")
        return value;
    return std::string(spec->choices.front());
}

void LeverEditor::showNumbers()
{
    for (const auto &[name, row] : m_numbers) {
        row->setValue(m_entry.lever.number(name));
        const auto measured = m_entry.measured.find(name);
        row->setMeasured(measured == m_entry.measured.end() ? QString() : measured->second);
    }
}

void LeverEditor::showTexts()
{
    for (const auto &[name, row] : m_texts) {
        if (row.box)
            row.box->setValue(shownText(name));
        else if (!row.line->hasFocus() || !row.line->isModified())
            row.line->setText(toQt(m_entry.lever.text(name)));
    }
}

void LeverEditor::showCurrency()
{
    for (const auto &[name, row] : m_numbers) {
        if (row->spec().unit != ParameterUnit::Money)
            continue;
        ParameterScale scale(row->spec());
        scale.setUnitName(m_choices.currency);
        row->setScale(scale);
    }
    QStringList codes;
    for (const ChoiceItem &each : m_choices.currencies)
        codes << toQt(each.value);
    for (const auto &[name, row] : m_texts) {
        if (row.line)
            static_cast<QStringListModel *>(row.line->completer()->model())->setStringList(codes);
    }
}

/// What the recorded gaps let a prompt cache achieve, beside the share that somebody assumes.
void LeverEditor::showGaps()
{
    if (m_kind != LeverKind::PromptCache)
        return;
    ParameterRow *row = m_numbers.at(std::string(hitShare));
    const bool measured = m_entry.lever.text(hitMode) == measuredMode;
    row->setLocked(measured);
    if (!m_entry.gaps) {
        row->setRemark(measured ? tr("What the gaps between the requests allow; being computed.") : QString());
        row->setWarning({});
        return;
    }
    const CacheGapShares &gaps = *m_entry.gaps;
    const PartsPerMillion allowed = m_entry.lever.text(lifetime) == oneHour ? gaps.within1h : gaps.within5m;
    const QString shares =
        tr("%1 (5 min), %2 (1 h)").arg(shareText(gaps.within5m, locale()), shareText(gaps.within1h, locale()));
    row->setRemark(gaps.atMost ? tr("Gaps allow at most %1").arg(shares) : tr("Gaps allow %1").arg(shares),
                   {gaps.within5m, gaps.within1h});
    if (measured) {
        row->setValue(allowed);
        row->setOrigin(allowed, {}); // nothing that could be given up
    }
    const bool tooMuch = !measured && m_entry.lever.enabled && m_entry.lever.number(hitShare) > allowed;
    row->setWarning(
        tooMuch ? tr("More than the recorded gaps allow with this lifetime: %1.").arg(shareText(allowed, locale()))
                : QString());
}

void LeverEditor::showAdvanced()
{
    if (!m_advanced || !m_advanced->isHidden())
        return;
    // What is set must be seen; what was opened stays open.
    for (const ParameterSpec &spec : leverSpec(m_kind).parameters) {
        if (!spec.advanced)
            continue;
        const bool isSet = isNumeric(spec.unit) ? m_entry.lever.number(spec.name) != spec.neutral
                                                : !m_entry.lever.text(spec.name).empty();
        if (isSet)
            return setAdvancedShown(true);
    }
}

} // namespace perunit
