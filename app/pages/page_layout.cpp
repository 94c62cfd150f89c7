// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/page_layout.h"

#include "widgets/inputs/flow_layout.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace perunit {

PageFrame buildPageFrame(QWidget *page, const QString &title)
{
    PageFrame frame;
    frame.rows = new QVBoxLayout(page);
    frame.rows->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    frame.rows->setSpacing(Theme::space4);
    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::space3);
    frame.title = newLabel(title, "pageTitle", page);
    frame.subtitle = newLabel({}, "caption", page);
    frame.subtitle->hide();
    row->addWidget(frame.title);
    row->addWidget(frame.subtitle, 1, Qt::AlignBottom);
    row->addStretch();
    frame.controls = new FlowLayout;
    frame.controls->setSpacing(Theme::space2);
    row->addLayout(frame.controls);
    row->setAlignment(frame.title, Qt::AlignTop);
    frame.rows->addLayout(row);
    return frame;
}

QVBoxLayout *buildScrollingColumn(QVBoxLayout *rows)
{
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    // Its room is always there: if content became taller by the width of the bar, the bar would come and go for ever.
    scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    auto *content = new QWidget(scroll);
    content->setProperty("role", "page");
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space4);
    scroll->setWidget(content);
    rows->addWidget(scroll, 1);
    return column;
}

QWidget *buildScrollingInspector(QWidget *parent, QVBoxLayout *&rows)
{
    auto *scroll = new QScrollArea(parent);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *content = new QWidget(scroll);
    rows = new QVBoxLayout(content);
    rows->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    rows->setSpacing(Theme::space2);
    scroll->setWidget(content);
    return scroll;
}

QLayout *buildActionRow(QVBoxLayout *rows, QWidget *parent)
{
    auto *row = new QWidget(parent);
    auto *flow = new FlowLayout(row);
    rows->addWidget(row);
    return flow;
}

QPushButton *addRowAction(QLayout *row, const QString &text, const QString &icon)
{
    auto *button = new QPushButton(text, row->parentWidget());
    button->setProperty("role", "quiet");
    button->setAccessibleName(text);
    if (!icon.isEmpty())
        button->setIcon(themedIcon(icon));
    row->addWidget(button);
    return button;
}

void setTextOrHide(QLabel *label, const QString &text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

void clearLayout(QVBoxLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        // Not at once: the button that asked for this may be among them.
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

QLabel *newLabel(const QString &text, const char *role, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setProperty("role", role);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace perunit
