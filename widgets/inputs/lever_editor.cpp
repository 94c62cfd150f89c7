// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/lever_editor.h"

#include "model/report/lever_text.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/elided_label.h"
#include "widgets/inputs/parameter_row.h"
#include "widgets/inputs/reset_dot.h"
#include "widgets/inputs/scope_edit.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace perunit {

namespace {

constexpr std::string_view termParameter = "term";
constexpr int longestRamp = 60;
constexpr int headHeight = 28; // as the highest of its buttons, whichever of them are shown

QLabel *newProblemLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setProperty("role", "problem");
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->hide();
    return label;
}

constexpr std::string_view rampParameter = "ramp_months";
constexpr std::string_view startParameter = "start";

void showOrHide(QLabel *label, const QString &text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

QToolButton *newHeadButton(const QString &icon, const QString &toolTip, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setIconSize({16, 16});
    button->setAutoRaise(true);
    button->setToolTip(toolTip);
    return button;
}

QString sentence(const std::string &text)
{
    QString result = toQt(text);
    if (!result.isEmpty())
        result[0] = result[0].toUpper();
    if (!result.isEmpty() && !result.endsWith(QLatin1Char('.')))
        result += QLatin1Char('.');
    return result;
}

} // namespace

QString leverIconName(LeverKind kind)
{
    QString name = toQt(leverSpec(kind).name);
    return QStringLiteral("lever-") + name.replace(QLatin1Char('_'), QLatin1Char('-'));
}

LeverEditor::LeverEditor(LeverKind kind, QWidget *parent)
    : QFrame(parent)
    , m_kind(kind)
{
    setProperty("role", "card");
    setAccessibleName(toQt(leverSpec(kind).label));
    m_entry.lever.kind = kind;
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(Theme::space3, Theme::space2, Theme::space3, Theme::space2);
    rows->setSpacing(Theme::space2);
    buildHead(rows);
    m_body = new QWidget(this);
    rows->addWidget(m_body);
    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(Theme::space2);
    m_scope = new ScopeEdit(m_body);
    m_scopeProblem = newProblemLabel(m_body);
    body->addWidget(m_scope);
    body->addWidget(m_scopeProblem);
    connect(m_scope, &ScopeEdit::scopeEdited, this, [this](const Scope &scope) {
        Lever next = m_entry.lever;
        next.scope = scope;
        change(next);
    });
    buildParameters(body);
    buildDetails(body);
    fillMonths();
    showEntry();
}

void LeverEditor::buildHead(QVBoxLayout *rows)
{
    const LeverSpec &spec = leverSpec(m_kind);
    const QString name = toQt(spec.label);
    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::space2);
    m_icon = new QLabel(this);
    m_icon->setFixedSize(20, headHeight);
    m_icon->setAlignment(Qt::AlignCenter);
    m_title = new QLabel(name, this);
    m_title->setProperty("role", "section");
    m_title->setToolTip(toQt(spec.help));
    m_enabled = new QCheckBox(this);
    m_enabled->setProperty("role", "switch");
    m_enabled->setAccessibleName(tr("%1 is on").arg(name));
    m_enabled->setToolTip(tr("Switches this lever on or off"));
    m_reset = newHeadButton(QStringLiteral("reset"), {}, this);
    m_remove = newHeadButton(QStringLiteral("delete"), tr("Remove this lever"), this);
    m_remove->setAccessibleName(tr("Remove %1").arg(name));
    head->addWidget(m_icon);
    head->addWidget(m_title, 1);
    head->addWidget(m_reset);
    head->addWidget(m_remove);
    head->addWidget(m_enabled);
    rows->addLayout(head);
    m_from = new ElidedLabel(this);
    m_from->setProperty("role", "caption");
    rows->addWidget(m_from);
    connect(m_enabled, &QCheckBox::clicked, this, [this](bool on) {
        Lever next = m_entry.lever;
        next.enabled = on;
        change(next);
    });
    connect(m_reset, &QToolButton::clicked, this, &LeverEditor::resetRequested);
    connect(m_remove, &QToolButton::clicked, this, &LeverEditor::removeRequested);
}

void LeverEditor::buildDetails(QVBoxLayout *rows)
{
    auto *foot = new QHBoxLayout;
    foot->setSpacing(Theme::space2);
    m_more = new QToolButton(m_body);
    m_more->setAutoRaise(true);
    m_more->setCheckable(false);
    m_more->setFont(Theme::font(Theme::TextRole::Caption));
    m_more->setIconSize({14, 14});
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_timing = new ElidedLabel(m_body);
    m_timing->setProperty("role", "caption");
    foot->addWidget(m_more);
    foot->addWidget(m_timing, 100);
    foot->addStretch(1);
    rows->addLayout(foot);

    m_details = new QWidget(m_body);
    auto *form = new QFormLayout(m_details);
    form->setContentsMargins(0, 0, 0, Theme::space1);
    form->setSpacing(Theme::space2);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_start = new QComboBox(m_details);
    m_ramp = new QSpinBox(m_details);
    m_grade = new QComboBox(m_details);
    m_owner = new QLineEdit(m_details);
    m_note = new QLineEdit(m_details);
    m_ramp->setRange(0, longestRamp);
    m_ramp->setSpecialValueText(tr("at once"));
    m_grade->addItem(tr("not stated"), QString());
    m_grade->addItem(tr("A: measured here"), QStringLiteral("A"));
    m_grade->addItem(tr("B: measured elsewhere"), QStringLiteral("B"));
    m_grade->addItem(tr("C: estimate"), QStringLiteral("C"));
    m_grade->addItem(tr("D: vendor claim"), QStringLiteral("D"));
    const auto add = [this, form](const QString &label, QWidget *field, const QString &help) {
        field->setAccessibleName(label);
        field->setAccessibleDescription(help);
        field->setToolTip(help);
        field->setProperty("compact", true);
        field->setFocusPolicy(Qt::StrongFocus);
        field->installEventFilter(this);
        form->addRow(label, field);
    };
    add(tr("Starts"), m_start, tr("First month in which the lever is in force"));
    add(tr("Ramp"), m_ramp, tr("Months over which shares and factors grow to their value"));
    m_timingProblem = new QLabel(m_details);
    m_timingProblem->setProperty("role", "problem");
    m_timingProblem->setWordWrap(true);
    m_timingProblem->setTextFormat(Qt::PlainText);
    m_timingProblem->hide();
    form->addRow(m_timingProblem);
    add(tr("Evidence"), m_grade, tr("How well the values are known"));
    add(tr("Owner"), m_owner, tr("Who answers for this assumption"));
    add(tr("Note"), m_note, tr("Where the values come from"));
    for (QObject *child : m_ramp->children()) {
        if (auto *line = qobject_cast<QLineEdit *>(child))
            line->setAccessibleName(tr("Ramp"));
    }
    m_details->hide();
    rows->addWidget(m_details);
    connect(m_more, &QToolButton::clicked, this, [this] { setDetailsShown(m_details->isHidden()); });
    connectDetails();
}

void LeverEditor::connectDetails()
{
    connect(m_start, &QComboBox::activated, this, [this](int index) {
        Lever next = m_entry.lever;
        const QVariant month = m_start->itemData(index);
        next.start = month.isValid() ? std::optional<Month>(Month{month.toInt()}) : std::nullopt;
        change(next);
    });
    connect(m_ramp, &QSpinBox::valueChanged, this, [this](int months) {
        Lever next = m_entry.lever;
        next.rampMonths = months;
        change(next);
    });
    connect(m_grade, &QComboBox::activated, this, [this](int index) {
        Lever next = m_entry.lever;
        next.grade = fromQt(m_grade->itemData(index).toString());
        change(next);
    });
    connect(m_owner, &QLineEdit::editingFinished, this, [this] {
        Lever next = m_entry.lever;
        next.owner = fromQt(m_owner->text().trimmed());
        change(next);
    });
    connect(m_note, &QLineEdit::editingFinished, this, [this] {
        Lever next = m_entry.lever;
        next.note = fromQt(m_note->text().trimmed());
        change(next);
    });
}

void LeverEditor::setDetailsShown(bool shown)
{
    m_details->setVisible(shown);
    showDetails();
}

void LeverEditor::focusFirstField()
{
    const auto &parameters = leverSpec(m_kind).parameters;
    for (const ParameterSpec &spec : parameters) {
        if (m_texts.contains(std::string(spec.name)) && shownText(std::string(spec.name)).empty()) {
            textField(std::string(spec.name))->setFocus();
            return;
        }
    }
    for (const ParameterSpec &spec : parameters) {
        if (const auto number = m_numbers.find(std::string(spec.name)); number != m_numbers.end()) {
            number->second->setFocus();
            return;
        }
    }
}

// ---- showing ----------------------------------------------------------------------------------------------

void LeverEditor::setChoices(const LeverChoices &choices)
{
    if (choices == m_choices)
        return;
    m_choices = choices;
    m_scope->setValues(choices.scopeValues);
    showCurrency();
    fillMonths();
    showEntry();
}

void LeverEditor::setEntry(const LeverEntry &entry)
{
    m_entry = entry;
    m_entry.lever.kind = m_kind;
    showEntry();
}

const Lever *LeverEditor::origin() const
{
    return m_entry.inheritedLever ? &*m_entry.inheritedLever : nullptr;
}

void LeverEditor::showEntry()
{
    m_showing = true;
    const Lever &lever = m_entry.lever;
    showHead();
    m_scope->setScope(lever.scope);
    showOffer();
    showNumbers();
    showTexts();
    showAdvanced();
    showOrigin();
    showGaps();
    showDetails();
    m_showing = false;
}

void LeverEditor::showHead()
{
    const bool on = m_entry.lever.enabled;
    const Theme &theme = currentTheme();
    m_icon->setPixmap(
        iconPixmap(leverIconName(m_kind), on ? theme.accent : theme.disabledText, 20, devicePixelRatioF()));
    m_enabled->setChecked(on);
    m_body->setEnabled(on);
    m_title->setText(toQt(leverTitle(m_entry.lever)));
    QString from;
    QString why;
    if (m_entry.inherited) {
        from = tr("Inherited from %1").arg(m_entry.setBy);
        why = tr("Set by %1. A change here overrides it in this scenario only.").arg(m_entry.setBy);
    } else if (m_entry.inheritedLever) {
        from = m_entry.inheritedFrom.isEmpty() ? tr("Overrides an earlier scenario")
                                               : tr("Overrides %1").arg(m_entry.inheritedFrom);
        why = tr("Set here, in place of what %1 says. The dots show which values differ.")
                  .arg(m_entry.inheritedFrom.isEmpty() ? tr("an earlier scenario") : m_entry.inheritedFrom);
    }
    showOrHide(m_from, from);
    m_from->setToolTip(why);
    m_remove->setVisible(!m_entry.inherited && !m_entry.inheritedLever);
    m_reset->setVisible(!m_entry.inherited && m_entry.inheritedLever.has_value());
    m_reset->setToolTip(tr("Give up this override: the inherited lever holds again"));
    m_reset->setAccessibleName(tr("Give up the override of %1").arg(accessibleName()));
}

void LeverEditor::showOrigin()
{
    const QString words = !origin()                         ? tr("which changes nothing")
                          : m_entry.inheritedFrom.isEmpty() ? tr("as inherited")
                                                            : tr("as in %1").arg(m_entry.inheritedFrom);
    for (const auto &[name, row] : m_numbers)
        row->setOrigin(origin() ? origin()->number(name) : row->spec().neutral, words);
    for (const auto &[name, row] : m_texts) {
        // Without an ancestor there is nothing that a text could go back to.
        const bool changed = origin() && origin()->text(name) != m_entry.lever.text(name);
        row.dot->setVisible(changed);
        if (changed)
            row.dot->describe(textField(name)->accessibleName(),
                              toQt(origin()->text(name)) + QStringLiteral(", ") + words);
    }
}

const OfferChoice *LeverEditor::chosenOffer() const
{
    for (const ParameterSpec &spec : leverSpec(m_kind).parameters) {
        if (spec.unit != ParameterUnit::OfferTerm)
            continue;
        const std::string value = m_entry.lever.text(spec.name);
        const auto found = std::find_if(m_choices.offers.begin(), m_choices.offers.end(),
                                        [&value](const OfferChoice &offer) { return offer.value == value; });
        return found == m_choices.offers.end() ? nullptr : &*found;
    }
    return nullptr;
}

std::vector<ChoiceItem> LeverEditor::itemsFor(const ParameterSpec &spec, const OfferChoice *offer) const
{
    std::vector<ChoiceItem> items;
    switch (spec.unit) {
    case ParameterUnit::Model:
        for (const ChoiceItem &model : m_choices.models) {
            if (!offer || offer->models.empty() || offer->models.contains(model.value))
                items.push_back(model);
        }
        break;
    case ParameterUnit::OfferTerm:
        for (const OfferChoice &each : m_choices.offers)
            items.push_back({each.value, each.label, each.detail});
        break;
    case ParameterUnit::Text:
        return m_choices.currencies;
    default:
        if (offer && spec.name == termParameter && !offer->terms.empty())
            return offer->terms;
        if (const auto found = m_choices.choices.find(std::string(spec.name)); found != m_choices.choices.end())
            return found->second;
        for (const std::string_view choice : spec.choices)
            items.push_back({std::string(choice), {}, {}});
        break;
    }
    return items;
}

void LeverEditor::showOffer()
{
    const OfferChoice *offer = chosenOffer();
    std::string model;
    for (const ParameterSpec &spec : leverSpec(m_kind).parameters) {
        if (const auto row = m_texts.find(std::string(spec.name)); row != m_texts.end() && row->second.box)
            row->second.box->setItems(itemsFor(spec, offer));
        if (spec.unit == ParameterUnit::Model)
            model = m_entry.lever.text(spec.name);
    }
    UnitSteps steps;
    if (offer) {
        if (const auto found = offer->models.find(model); found != offer->models.end())
            steps = found->second;
    }
    for (const auto &[name, row] : m_numbers) {
        if (row->spec().unit != ParameterUnit::Units)
            continue;
        const std::int64_t most = offer && offer->sliderMaximum > 0 ? offer->sliderMaximum : m_choices.mostUnits;
        ParameterScale scale(row->spec(), steps.minimum, steps.step, most);
        scale.setUnitName(offer ? offer->unitName : QString());
        row->setScale(scale);
    }
}

void LeverEditor::fillMonths()
{
    m_start->clear();
    m_start->addItem(tr("From the beginning"));
    for (int i = 0; i < m_choices.months; ++i) {
        const Month month = m_choices.firstMonth.plus(i);
        m_start->addItem(monthLabel(month), month.index);
    }
}

QString LeverEditor::monthLabel(Month month) const
{
    return locale().standaloneMonthName(month.month(), QLocale::LongFormat) + QLatin1Char(' ')
           + QString::number(month.year());
}

void LeverEditor::showDetails()
{
    const Lever &lever = m_entry.lever;
    int start = 0;
    if (lever.start) {
        start = m_start->findData(lever.start->index);
        if (start < 0) { // before or after the horizon, but it is what the lever says
            m_start->addItem(monthLabel(*lever.start), lever.start->index);
            start = m_start->count() - 1;
        }
    }
    m_start->setCurrentIndex(start);
    m_ramp->setSuffix(lever.rampMonths == 1 ? tr(" month") : tr(" months"));
    m_ramp->setValue(lever.rampMonths);
    const int grade = m_grade->findData(toQt(lever.grade));
    m_grade->setCurrentIndex(std::max(0, grade));
    if (!m_owner->hasFocus() || !m_owner->isModified())
        m_owner->setText(toQt(lever.owner));
    if (!m_note->hasFocus() || !m_note->isModified())
        m_note->setText(toQt(lever.note));

    const bool open = !m_details->isHidden();
    m_more->setText(open ? tr("Hide timing and notes") : tr("Timing and notes"));
    m_more->setIcon(themedIcon(open ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down")));
    m_more->setToolTip(tr("Start, ramp, evidence, owner and note"));
    m_more->setAccessibleName(open ? tr("Hide start, ramp and note") : tr("Show start, ramp and note"));
    QStringList parts;
    if (lever.start)
        parts << tr("from %1").arg(monthLabel(*lever.start));
    if (lever.rampMonths > 0)
        parts << (lever.rampMonths == 1 ? tr("over 1 month") : tr("over %1 months").arg(lever.rampMonths));
    if (!lever.grade.empty())
        parts << tr("evidence %1").arg(toQt(lever.grade));
    m_timing->setText(parts.join(QStringLiteral(" · ")));
    m_timing->setToolTip(toQt(lever.note));
    m_timing->setVisible(!open && !parts.isEmpty());
}

void LeverEditor::setProblems(const std::vector<LeverProblem> &problems)
{
    if (m_dragging) {
        m_waitingProblems = problems;
        return;
    }
    m_waitingProblems.reset();
    QStringList whole;
    QStringList timing;
    std::map<std::string, QStringList> perParameter;
    for (const LeverProblem &problem : problems) {
        if (problem.leverId != m_entry.lever.id)
            continue;
        const bool known = m_numbers.contains(problem.parameter) || m_texts.contains(problem.parameter);
        if (known)
            perParameter[problem.parameter] << sentence(problem.what);
        else if (problem.parameter == rampParameter || problem.parameter == startParameter)
            timing << sentence(problem.what);
        else
            whole << sentence(problem.what);
    }
    const bool any = !whole.isEmpty() || !timing.isEmpty() || !perParameter.empty();
    showOrHide(m_scopeProblem, whole.join(QLatin1Char(' ')));
    for (const auto &[name, row] : m_numbers)
        row->setProblem(perParameter[name].join(QLatin1Char(' ')));
    for (auto &[name, row] : m_texts) {
        row.problemText = perParameter[name].join(QLatin1Char(' '));
        showTextProblem(name);
    }
    showOrHide(m_timingProblem, timing.join(QLatin1Char(' ')));
    if (!timing.isEmpty())
        setDetailsShown(true);
    // A problem must not hide behind a button.
    for (const ParameterSpec &spec : leverSpec(m_kind).parameters) {
        if (spec.advanced && perParameter.contains(std::string(spec.name))
            && !perParameter[std::string(spec.name)].isEmpty())
            setAdvancedShown(true);
    }
    setTone(this, any ? "warning" : "");
}

// ---- editing ----------------------------------------------------------------------------------------------

void LeverEditor::change(const Lever &lever, bool whileDragging)
{
    // The end of a drag is told even when its last step was told already.
    const bool dragEnds = !whileDragging && m_dragging;
    if (m_showing || (lever == m_entry.lever && !dragEnds))
        return;
    m_dragging = whileDragging;
    m_entry.lever = lever;
    showEntry();
    emit edited(m_entry.lever, whileDragging);
    if (!m_dragging && m_waitingProblems)
        setProblems(*std::exchange(m_waitingProblems, std::nullopt));
}

void LeverEditor::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_body)
        showHead();
}

bool LeverEditor::eventFilter(QObject *watched, QEvent *event)
{
    // Scrolling past a field must not change it.
    if (event->type() == QEvent::Wheel) {
        event->ignore();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace perunit
