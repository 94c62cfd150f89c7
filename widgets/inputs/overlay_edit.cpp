// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/overlay_edit.h"

#include "pricing/base/decimal.h"
#include "widgets/inputs/choice_box.h"
#include "widgets/inputs/segmented_switch.h"
#include "widgets/inputs/typed_decimal.h"
#include "widgets/inputs/value_set_edit.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>
#include <set>

namespace perunit {

namespace {

constexpr int amountWidth = 130;
constexpr int noteHeight = 72;
constexpr int percentDecimals = 4;    // a percentage in parts per million
constexpr int perMillionDecimals = 9; // a price per million tokens is the one of a token in femto-units

QString sentence(const std::string &what)
{
    QString text = toQt(what);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text + QLatin1Char('.');
}

QString dateText(Instant at)
{
    if (at == alwaysBefore || at == alwaysAfter)
        return {};
    return toQt(at.micros == dayOf(at) * microsPerDay ? formatDate(at) : formatInstant(at));
}

std::vector<std::string> namesOf(const std::vector<UsageClass> &classes)
{
    std::vector<std::string> result;
    for (const UsageClass each : classes)
        result.emplace_back(nameOf(each));
    return result;
}

std::vector<UsageClass> classesOf(const std::vector<std::string> &names)
{
    std::vector<UsageClass> result;
    for (const std::string &name : names) {
        if (const auto found = usageClassNamed(name))
            result.push_back(*found);
    }
    return result;
}

std::vector<ChoiceItem> tierItems()
{
    std::vector<ChoiceItem> items;
    for (const std::string_view name : serviceTierNames) {
        // Requests on provisioned capacity have no price per token that a term could change.
        if (name != nameOf(ServiceTier::Provisioned))
            items.push_back({std::string(name), {}, {}});
    }
    return items;
}

} // namespace

OverlayEdit::OverlayEdit(QWidget *parent)
    : QWidget(parent)
    , m_rows(new QVBoxLayout(this))
{
    setAccessibleName(tr("Contract term"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(Theme::space3);
    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(tr("Enterprise agreement 2026"));
    addField("name", tr("Name"), m_name);
    m_enabled = new QCheckBox(tr("In force"), this);
    m_enabled->setToolTip(tr("A term that is not in force stays in the workspace and changes no price"));
    m_rows->addWidget(m_enabled);
    buildTerm();
    buildScope();
    buildTime();
    m_note = new QPlainTextEdit(this);
    m_note->setFixedHeight(noteHeight);
    m_note->setTabChangesFocus(true);
    m_note->viewport()->setAutoFillBackground(false); // the frame fills its rounded corners
    m_note->setAcceptDrops(false);                    // files are meant for the window
    addField("note", tr("Note"), m_note);
    m_rows->addStretch(1);
    connectFields();
    setOverlay({});
    m_fresh = true;
}

void OverlayEdit::addField(const std::string &member, const QString &label, QWidget *field)
{
    addField(member, label, field, m_rows);
}

void OverlayEdit::addField(const std::string &member, const QString &label, QWidget *field, QBoxLayout *into)
{
    auto *title = new QLabel(label, this);
    title->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    auto *problem = new QLabel(this);
    problem->setProperty("role", "problem");
    problem->setTextFormat(Qt::PlainText);
    problem->setWordWrap(true);
    problem->hide();
    auto *row = new QVBoxLayout;
    row->setSpacing(Theme::space1);
    row->addWidget(title);
    row->addWidget(field);
    row->addWidget(problem);
    into->addLayout(row, into == m_rows ? 0 : 1);
    m_fields[member] = {field, title, problem};
}

QLineEdit *OverlayEdit::newLine(QLabel **unit, const QString &placeholder, QWidget **row)
{
    *row = new QWidget(this);
    auto *line = new QHBoxLayout(*row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::space2);
    auto *field = new QLineEdit(*row);
    field->setAlignment(Qt::AlignRight);
    field->setFixedWidth(amountWidth);
    field->setPlaceholderText(placeholder);
    *unit = new QLabel(*row);
    (*unit)->setProperty("tone", "secondary");
    line->addWidget(field);
    line->addWidget(*unit, 1);
    return field;
}

void OverlayEdit::buildTerm()
{
    m_kind = new SegmentedSwitch(tr("Kind of term"), this);
    m_kind->addOption(toQt(nameOf(OverlayKind::Discount)), tr("Discount"), {}, tr("List price × (1 − percentage)"));
    m_kind->addOption(toQt(nameOf(OverlayKind::Markup)), tr("Markup"), {}, tr("List price × (1 + percentage)"));
    m_kind->addOption(toQt(nameOf(OverlayKind::FixedPrice)), tr("Fixed price"), {},
                      tr("This price, whatever the list says and whatever terms come before"));
    addField("kind", tr("Kind"), m_kind);
    m_percent = newLine(&m_percentUnit, localDecimal("12.5", locale()), &m_percentRow);
    addField("percent", tr("Percentage"), m_percentRow);
    m_percent->setAccessibleName(tr("Percentage"));
    m_price = newLine(&m_priceUnit, localDecimal("2.5", locale()), &m_priceRow);
    addField("price", tr("Price"), m_priceRow);
    m_price->setAccessibleName(tr("Price"));
}

void OverlayEdit::buildScope()
{
    m_provider = new ChoiceBox(tr("Provider"), this);
    addField("provider", tr("Provider"), m_provider);
    m_models = new ValueSetEdit(tr("Models"), tr("every model"), this);
    addField("models", tr("Models"), m_models);
    m_warning = new QLabel(this);
    m_warning->setProperty("role", "caption");
    m_warning->setProperty("tone", "warning");
    m_warning->setTextFormat(Qt::PlainText);
    m_warning->setWordWrap(true);
    m_warning->hide();
    m_rows->addWidget(m_warning);
    m_classes = new ValueSetEdit(tr("What is priced"), tr("all tokens"), this);
    addField("classes", tr("What is priced"), m_classes);
    m_tiers = new ValueSetEdit(tr("Service tiers"), tr("every tier"), this);
    m_tiers->setItems(tierItems(), tr("no term can be about it"));
    addField("tiers", tr("Service tiers"), m_tiers);
}

QLineEdit *OverlayEdit::newDate(const QString &placeholder, const QString &help)
{
    auto *field = new QLineEdit(this);
    field->setPlaceholderText(placeholder);
    field->setToolTip(help);
    field->setAccessibleDescription(help);
    return field;
}

void OverlayEdit::buildTime()
{
    m_from = newDate(tr("always"), tr("First day on which it holds, UTC, such as 2026-01-01; empty: no beginning"));
    m_to = newDate(tr("no end"), tr("First day on which it holds no more, UTC, such as 2027-01-01; empty: no end"));
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::space3);
    addField("valid_from", tr("From"), m_from, line);
    addField("valid_to", tr("Before"), m_to, line);
    for (int i = 0; i < line->count(); ++i)
        line->setAlignment(line->itemAt(i)->layout(), Qt::AlignTop);
    m_rows->addLayout(line);
}

void OverlayEdit::connectFields()
{
    for (const auto &[field, member] :
         {std::pair{m_name, "name"}, std::pair{m_percent, "percent"}, std::pair{m_price, "price"},
          std::pair{m_from, "valid_from"}, std::pair{m_to, "valid_to"}})
        connect(field, &QLineEdit::textEdited, this, [this, member = std::string(member)] { changed(member, true); });
    connect(m_note, &QPlainTextEdit::textChanged, this, [this] { changed("note", true); });
    connect(m_enabled, &QCheckBox::toggled, this, [this] { changed("enabled", false); });
    connect(m_kind, &SegmentedSwitch::currentChanged, this, [this] {
        showKind();
        changed("kind", false);
    });
    connect(m_provider, &ChoiceBox::valueEdited, this, [this] {
        showModels();
        changed("provider", false);
    });
    connect(m_models, &ValueSetEdit::valuesEdited, this, [this] { changed("models", false); });
    connect(m_tiers, &ValueSetEdit::valuesEdited, this, [this] { changed("tiers", false); });
    connect(m_classes, &ValueSetEdit::valuesEdited, this, &OverlayEdit::classesChanged);
}

void OverlayEdit::setChoices(const OverlayChoices &choices)
{
    if (choices == m_choices)
        return;
    m_choices = choices;
    std::vector<ChoiceItem> items{{"", tr("every provider"), {}}};
    items.insert(items.end(), choices.providers.begin(), choices.providers.end());
    m_classes->setItems(choices.classes, {});
    m_provider->setItems(items);
    m_provider->setValue(m_provider->value());
    showModels();
    showKind();
}

void OverlayEdit::setTakenNames(const QStringList &names)
{
    m_taken = names;
    readFields(m_problems);
    showProblems();
}

void OverlayEdit::setOverlay(const PriceOverlay &overlay)
{
    if (!m_fresh && overlay == m_overlay)
        return;
    m_fresh = false;
    m_showing = true;
    m_overlay = overlay;
    m_name->setText(toQt(overlay.name));
    m_enabled->setChecked(overlay.enabled);
    m_kind->setCurrent(toQt(nameOf(overlay.kind)));
    m_classes->setValues(namesOf(overlay.classes));
    m_eventPrice = isForEvents();
    const bool fixed = overlay.kind == OverlayKind::FixedPrice;
    m_percent->setText(fixed ? QString() : localDecimal(formatDecimal(overlay.change, percentDecimals), locale()));
    m_price->setText(fixed ? localDecimal(
                         formatDecimal(overlay.fixedFemto, m_eventPrice ? Femto::scale : perMillionDecimals), locale())
                           : QString());
    m_provider->setValue(overlay.provider);
    m_models->setValues(overlay.models);
    std::vector<std::string> tiers;
    for (const ServiceTier tier : overlay.tiers)
        tiers.emplace_back(nameOf(tier));
    m_tiers->setValues(tiers);
    m_from->setText(dateText(overlay.valid.from));
    m_to->setText(dateText(overlay.valid.to));
    m_note->setPlainText(toQt(overlay.note));
    m_showing = false;
    showModels();
    showKind();
    m_problems.clear();
    readFields(m_problems);
    showProblems();
}

void OverlayEdit::setWarning(const QString &text)
{
    m_warning->setText(text);
    m_warning->setVisible(!text.isEmpty());
}

void OverlayEdit::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

OverlayKind OverlayEdit::kind() const
{
    const auto found = std::find(overlayKindNames.begin(), overlayKindNames.end(), fromQt(m_kind->current()));
    return static_cast<OverlayKind>(found - overlayKindNames.begin());
}

bool OverlayEdit::isForEvents() const
{
    const std::vector<UsageClass> classes = classesOf(m_classes->values());
    return !classes.empty() && !isTokenClass(classes.front());
}

void OverlayEdit::classesChanged()
{
    // A price per million tokens must not become the price of one event by choosing another class.
    if (m_eventPrice != isForEvents())
        m_price->clear();
    m_eventPrice = isForEvents();
    showKind();
    changed("classes", false);
}

void OverlayEdit::showKind()
{
    const bool fixed = kind() == OverlayKind::FixedPrice;
    for (const auto &[member, shown] : {std::pair{"percent", !fixed}, std::pair{"price", fixed}}) {
        const Field &field = m_fields.at(member);
        field.title->setVisible(shown);
        field.widget->setVisible(shown);
    }
    m_percentUnit->setText(kind() == OverlayKind::Discount ? tr("% off the list price") : tr("% on the list price"));
    m_priceUnit->setText(isForEvents() ? tr("%1 each").arg(m_choices.currency)
                                       : tr("%1 per million tokens").arg(m_choices.currency));
}

void OverlayEdit::showModels()
{
    std::vector<ChoiceItem> items;
    const auto ofProvider = m_choices.models.find(m_provider->value());
    if (ofProvider != m_choices.models.end()) {
        items = ofProvider->second;
    } else {
        // The same id at several sellers is one entry: a term without a provider speaks of all of them.
        std::set<std::string> seen;
        for (const auto &[provider, models] : m_choices.models) {
            for (const ChoiceItem &model : models) {
                if (seen.insert(model.value).second)
                    items.push_back({model.value, model.label, toQt(provider)});
            }
        }
    }
    m_models->setItems(items, tr("in no catalogue"));
}

std::int64_t OverlayEdit::readNumber(const QLineEdit *field, int decimals, const QString &example,
                                     QString &problem) const
{
    const QString typed = field->text().trimmed();
    const auto number = parseDecimal(plainDecimal(typed, locale()), decimals);
    if (typed.isEmpty())
        problem = tr("Type a number, such as %1.").arg(example);
    else if (!number)
        problem =
            tr("“%1” is not a number. Type it without unit and thousands separators, such as %2.").arg(typed, example);
    else if (number->rounded)
        problem = tr("At most %1 decimals can be kept exactly.").arg(decimals);
    else if (number->units < 0)
        problem = tr("It cannot be below 0.");
    else if (number->units > std::numeric_limits<std::int64_t>::max())
        problem = tr("The number is too large.");
    else
        return static_cast<std::int64_t>(number->units);
    return 0;
}

Instant OverlayEdit::readDate(const QLineEdit *field, Instant otherwise, QString &problem)
{
    const QString typed = field->text().trimmed();
    if (typed.isEmpty())
        return otherwise;
    const auto at = parseInstant(fromQt(typed));
    if (at)
        return *at;
    problem = tr("“%1” is not a date. Write it like 2026-01-01, or leave it empty.").arg(typed);
    return otherwise;
}

PriceOverlay OverlayEdit::readFields(std::map<std::string, QString> &problems) const
{
    problems.clear();
    const auto keep = [&problems](const std::string &member, const QString &text) {
        if (!text.isEmpty())
            problems.emplace(member, text);
    };
    PriceOverlay overlay;
    overlay.name = fromQt(m_name->text().trimmed());
    overlay.enabled = m_enabled->isChecked();
    overlay.kind = kind();
    overlay.classes = classesOf(m_classes->values());
    QString problem;
    if (overlay.kind == OverlayKind::FixedPrice) {
        overlay.fixedFemto = readNumber(m_price, isForEvents() ? Femto::scale : perMillionDecimals,
                                        localDecimal("2.5", locale()), problem);
        keep("price", problem);
    } else {
        overlay.change = readNumber(m_percent, percentDecimals, localDecimal("12.5", locale()), problem);
        keep("percent", problem);
    }
    overlay.provider = m_provider->value();
    overlay.models = m_models->values();
    for (const std::string &name : m_tiers->values()) {
        if (const auto tier = serviceTierNamed(name))
            overlay.tiers.push_back(*tier);
    }
    QString from;
    QString to;
    overlay.valid = {readDate(m_from, alwaysBefore, from), readDate(m_to, alwaysAfter, to)};
    keep("valid_from", from);
    keep("valid_to", to);
    overlay.note = fromQt(m_note->toPlainText());
    if (m_taken.contains(toQt(overlay.name)))
        keep("name", tr("There is already a term called “%1”.").arg(toQt(overlay.name)));
    if (const Status status = checkOverlay(overlay); !status) {
        const std::string &where = status.error().where;
        keep(where.starts_with("price") ? std::string("price") : where, sentence(status.error().what));
    }
    return overlay;
}

void OverlayEdit::changed(const std::string &field, bool typing)
{
    if (m_showing)
        return;
    const PriceOverlay now = readFields(m_problems);
    showProblems();
    if (!m_problems.empty() || now == m_overlay)
        return;
    m_overlay = now;
    emit edited(m_overlay, toQt(field), typing);
}

void OverlayEdit::showProblems()
{
    for (const auto &[member, field] : m_fields) {
        const auto found = m_problems.find(member);
        const QString text = found == m_problems.end() ? QString() : found->second;
        field.problem->setText(text);
        field.problem->setVisible(!text.isEmpty());
        for (QLineEdit *line : {m_name, m_percent, m_price, m_from, m_to}) {
            if (line == field.widget || field.widget->isAncestorOf(line)) {
                line->setProperty("wrong", !text.isEmpty());
                line->update();
            }
        }
    }
}

} // namespace perunit
