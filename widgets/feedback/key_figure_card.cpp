// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/key_figure_card.h"

#include "widgets/feedback/sparkline.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int smallestValuePixels = 16;
constexpr int narrowCard = 190;    ///< below it the margins are smaller
constexpr int narrowestTrend = 36; ///< a smaller picture says nothing

const char *toneName(DeltaTone tone)
{
    switch (tone) {
    case DeltaTone::Favourable:
        return "favourable";
    case DeltaTone::Unfavourable:
        return "unfavourable";
    default:
        return "secondary";
    }
}

QLabel *newLabel(const char *role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setProperty("role", role);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

KeyFigureCard::KeyFigureCard(QWidget *parent)
    : QFrame(parent)
    , m_label(newLabel("caption", this))
    , m_value(newLabel("keyFigure", this))
    , m_former(newLabel("former", this))
    , m_delta(newLabel("chip", this))
    , m_trend(new Sparkline(this))
    , m_sentence(newLabel("caption", this))
    , m_action(new QPushButton(this))
{
    setProperty("role", "card");
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(Theme::space4, Theme::space3, Theme::space4, Theme::space3);
    rows->setSpacing(Theme::space1);
    rows->addWidget(m_label);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(Theme::space2);
    middle->addWidget(m_value);
    middle->addStretch(1);
    middle->addWidget(m_trend, 0, Qt::AlignBottom);
    rows->addLayout(middle);
    // Below the value: a narrow card must not cut what the value is called, nor the value.
    m_change = new QHBoxLayout;
    m_change->setSpacing(Theme::space2);
    m_change->addWidget(m_delta, 0, Qt::AlignLeft);
    m_change->addWidget(m_former, 0, Qt::AlignLeft);
    m_change->addStretch(1);
    rows->addLayout(m_change);
    m_sentence->setWordWrap(true);
    rows->addWidget(m_sentence);
    m_action->setProperty("role", "link");
    m_action->setCursor(Qt::PointingHandCursor);
    rows->addWidget(m_action, 0, Qt::AlignLeft);
    rows->addStretch(1);
    // The value shrinks before it is cut.
    m_value->setMinimumWidth(1);
    m_label->setWordWrap(true);
    m_trend->setMinimumWidth(1);
    connect(m_action, &QPushButton::clicked, this, &KeyFigureCard::activated);
    setFigure({});
}

void KeyFigureCard::setFigure(const KeyFigure &figure)
{
    m_figure = figure;
    m_label->setText(figure.label);
    m_value->setText(figure.value);
    m_former->setText(figure.former);
    m_former->setVisible(!figure.former.isEmpty());
    QString delta = figure.delta;
    if (figure.tone == DeltaTone::Favourable || figure.tone == DeltaTone::Unfavourable)
        delta = (figure.deltaRises ? QStringLiteral("▲ ") : QStringLiteral("▼ ")) + figure.delta;
    m_delta->setText(delta);
    m_delta->setVisible(!figure.delta.isEmpty());
    setTone(m_delta, toneName(figure.tone));
    m_trend->setValues(figure.trend);
    m_sentence->setText(figure.sentence);
    m_sentence->setVisible(!figure.sentence.isEmpty());
    m_action->setText(figure.action);
    m_action->setAccessibleName(figure.action);
    m_action->setVisible(!figure.action.isEmpty());
    setCursor(figure.action.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
    setToolTip(figure.toolTip);
    setAccessibleName(figure.label);
    QStringList words{figure.value};
    if (!figure.former.isEmpty())
        words << tr("before %1").arg(figure.former);
    if (!figure.delta.isEmpty()) {
        const QString better = figure.tone == DeltaTone::Favourable     ? tr("favourable")
                               : figure.tone == DeltaTone::Unfavourable ? tr("unfavourable")
                                                                        : QString();
        words << (better.isEmpty() ? figure.delta : tr("%1, %2").arg(figure.delta, better));
    }
    words << figure.sentence;
    words.removeAll(QString());
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    fit();
}

void KeyFigureCard::setStale(bool stale)
{
    setTone(m_value, stale ? "secondary" : "");
    fit();
}

void KeyFigureCard::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && !m_figure.action.isEmpty() && rect().contains(event->pos()))
        emit activated();
    else
        QFrame::mouseReleaseEvent(event);
}

void KeyFigureCard::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    fit();
}

void KeyFigureCard::fit()
{
    QMargins margins = layout()->contentsMargins();
    const int side = width() < narrowCard ? Theme::space3 : Theme::space4;
    if (margins.left() != side) {
        margins.setLeft(side);
        margins.setRight(side);
        layout()->setContentsMargins(margins);
    }
    const int room = width() - 2 * side;
    fitChange(room);
    fitValue(room);
}

void KeyFigureCard::fitChange(int room)
{
    const bool beside = m_former->text().isEmpty()
                        || m_delta->sizeHint().width() + Theme::space2 + m_former->sizeHint().width() <= room;
    const auto wanted = beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom;
    if (m_change->direction() == wanted)
        return;
    m_change->setDirection(wanted);
    m_change->setSpacing(beside ? Theme::space2 : 2);
}

/// The picture of the trend gives way first, then the letters become smaller.
void KeyFigureCard::fitValue(int room)
{
    if (m_value->text().isEmpty())
        return;
    QFont font = Theme::font(Theme::TextRole::KeyFigure);
    const auto needed = [&] {
        return QFontMetrics(font).horizontalAdvance(m_value->text()) + 2;
    };
    const int forTrend = std::min(room - needed() - Theme::space2, m_trend->sizeHint().width());
    const bool trendFits = forTrend >= narrowestTrend;
    m_trend->setMaximumWidth(std::max(forTrend, narrowestTrend));
    m_trend->setVisible(!m_figure.trend.empty() && trendFits);
    while (font.pixelSize() > smallestValuePixels && needed() > room)
        font.setPixelSize(font.pixelSize() - 1);
    // Its role gives it a font when it is polished; that must not come later.
    m_value->ensurePolished();
    if (m_value->font() != font)
        m_value->setFont(font);
}

} // namespace perunit
