// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/capacity/own_figures_card.h"

#include "app/pages/page_layout.h"
#include "widgets/inputs/open_number_field.h"
#include "widgets/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

/// Room for the longest name of a field.
constexpr int fieldWidth = 216;

} // namespace

OwnFiguresCard::OwnFiguresCard(QWidget *parent)
    : Card({}, parent)
    , m_grid(new QWidget(this))
    , m_layout(new QGridLayout(m_grid))
    , m_hint(newLabel({}, "body", this))
    , m_source(newLabel({}, "caption", this))
    , m_clear(addAction(tr("Leave all open"), QStringLiteral("reset")))
{
    setAccessibleName(tr("Own figures"));
    m_clear->setToolTip(tr("Empties every field, so that the catalogue holds again"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(Theme::space4);
    m_layout->setVerticalSpacing(Theme::space3);
    auto *content = new QWidget(this);
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    for (QLabel *label : {m_hint, m_source}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    rows->addWidget(m_hint);
    rows->addWidget(m_grid);
    rows->addWidget(m_source);
    setContent(content);
    connect(m_clear, &QPushButton::clicked, this, &OwnFiguresCard::allLeftOpen);
}

void OwnFiguresCard::show(const QString &title, const std::vector<OwnFigure> &figures, const QString &hint,
                          const QString &source)
{
    setTitle(title);
    setTextOrHide(m_hint, hint);
    setTextOrHide(m_source, source);
    const bool same = std::equal(
        figures.begin(), figures.end(), m_fields.begin(), m_fields.end(),
        [](const OwnFigure &one, const Field &other) { return one.place == other.place && one.name == other.name; });
    if (!same)
        rebuild(figures);
    bool anyStated = false;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const OwnFigure &figure = figures[i];
        OpenNumberField *field = m_fields[i].widget;
        m_fields[i].needed = figure.needed;
        field->setScale(figure.scale);
        field->setHelp(figure.help);
        field->setOtherwise(figure.otherwise);
        field->setNeeded(figure.needed);
        field->setValue(figure.value);
        field->setProblem(figure.problem);
        anyStated = anyStated || figure.value;
    }
    m_clear->setEnabled(anyStated);
}

void OwnFiguresCard::rebuild(const std::vector<OwnFigure> &figures)
{
    for (const Field &field : m_fields) {
        // Not at once: its own news may have led here.
        field.widget->hide();
        field.widget->setParent(nullptr);
        field.widget->deleteLater();
    }
    m_fields.clear();
    for (const OwnFigure &figure : figures) {
        Field field{figure.place, figure.name, figure.needed, new OpenNumberField(figure.label, m_grid)};
        connect(field.widget, &OpenNumberField::edited, this,
                [this, place = field.place, name = field.name, widget = field.widget] {
                    emit stated(place, name, widget->value());
                });
        m_fields.push_back(std::move(field));
    }
    m_columns = 0;
    arrange();
}

void OwnFiguresCard::arrange()
{
    const int room = width() - 2 * Theme::space4 + m_layout->horizontalSpacing();
    const int columns = std::max(1, room / (fieldWidth + m_layout->horizontalSpacing()));
    if (columns == m_columns)
        return;
    for (int column = 0; column < std::max(m_columns, columns); ++column)
        m_layout->setColumnStretch(column, 0);
    m_columns = columns;
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const int place = static_cast<int>(i);
        m_fields[i].widget->setFixedWidth(fieldWidth);
        m_fields[i].widget->show();
        m_layout->addWidget(m_fields[i].widget, place / columns, place % columns, Qt::AlignTop | Qt::AlignLeft);
    }
    m_layout->setColumnStretch(columns - 1, 1);
}

void OwnFiguresCard::focusFirst()
{
    const auto needed = std::find_if(m_fields.begin(), m_fields.end(), [](const Field &each) { return each.needed; });
    if (needed != m_fields.end())
        needed->widget->line()->setFocus(Qt::OtherFocusReason);
    else if (!m_fields.empty())
        m_fields.front().widget->line()->setFocus(Qt::OtherFocusReason);
}

void OwnFiguresCard::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    arrange();
}

} // namespace perunit
