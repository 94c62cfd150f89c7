// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/feedback/card.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

/// Puts the controls of a head below its texts where both have no room beside each other.
class HeadFitter : public QObject
{
public:
    HeadFitter(QWidget *head, QBoxLayout *row, QLayout *controls, QLabel *title)
        : QObject(head)
        , m_head(head)
        , m_row(row)
        , m_controls(controls)
        , m_title(title)
    {
        head->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest)
            fit();
        return QObject::eventFilter(watched, event);
    }

private:
    void fit()
    {
        const int words = QFontMetrics(m_title->font()).horizontalAdvance(m_title->text());
        const int wanted = std::min(words, widestTitle) + m_row->spacing() + m_controls->sizeHint().width();
        const auto direction =
            m_title->text().isEmpty() || wanted <= m_head->width() ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom;
        if (m_row->direction() == direction)
            return;
        m_row->setDirection(direction);
        m_row->setAlignment(m_controls,
                            direction == QBoxLayout::LeftToRight ? Qt::AlignTop : Qt::AlignTop | Qt::AlignLeft);
    }

    static constexpr int widestTitle = 260; ///< longer ones wrap beside the controls
    QWidget *m_head;
    QBoxLayout *m_row;
    QLayout *m_controls;
    QLabel *m_title;
};

} // namespace

Card::Card(const QString &title, QWidget *parent)
    : QFrame(parent)
    , m_rows(new QVBoxLayout(this))
    , m_head(new QWidget(this))
    , m_controls(new QHBoxLayout)
    , m_title(new QLabel(m_head))
    , m_subtitle(new QLabel(m_head))
{
    setProperty("role", "card");
    m_rows->setContentsMargins(Theme::space4, Theme::space3, Theme::space4, Theme::space4);
    m_rows->setSpacing(Theme::space3);

    auto *texts = new QVBoxLayout;
    texts->setContentsMargins(0, 0, 0, 0);
    texts->setSpacing(2);
    m_title->setProperty("role", "section");
    m_subtitle->setProperty("role", "caption");
    for (QLabel *label : {m_title, m_subtitle}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        texts->addWidget(label);
    }
    m_controls->setContentsMargins(0, 0, 0, 0);
    m_controls->setSpacing(Theme::space2);
    auto *head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(Theme::space3);
    head->addLayout(texts, 1);
    head->addLayout(m_controls);
    head->setAlignment(m_controls, Qt::AlignTop);
    new HeadFitter(m_head, head, m_controls, m_title);
    m_rows->addWidget(m_head);
    setTitle(title);
}

void Card::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
    updateHead();
}

void Card::setSubtitle(const QString &subtitle)
{
    m_subtitle->setText(subtitle);
    updateHead();
}

void Card::setContent(QWidget *content)
{
    if (content == m_content)
        return;
    if (m_content) {
        m_rows->removeWidget(m_content);
        m_content->deleteLater();
    }
    m_content = content;
    if (m_content)
        m_rows->addWidget(m_content, 1);
}

void Card::addControl(QWidget *control)
{
    m_controls->addWidget(control);
    updateHead();
}

QPushButton *Card::addAction(const QString &text, const QString &icon)
{
    auto *button = new QPushButton(text, m_head);
    button->setProperty("role", "quiet");
    button->setAccessibleName(text);
    if (!icon.isEmpty())
        button->setIcon(themedIcon(icon));
    addControl(button);
    return button;
}

void Card::updateHead()
{
    m_title->setVisible(!m_title->text().isEmpty());
    m_subtitle->setVisible(!m_subtitle->text().isEmpty());
    m_head->setVisible(!m_title->text().isEmpty() || !m_subtitle->text().isEmpty() || m_controls->count() > 0);
}

} // namespace perunit
