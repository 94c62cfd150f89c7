// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/flow_layout.h"

#include "widgets/theme/theme.h"

#include <QWidget>

#include <algorithm>

namespace perunit {

FlowLayout::FlowLayout(QWidget *parent)
    : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(Theme::space1);
}

FlowLayout::~FlowLayout()
{
    for (QLayoutItem *item : m_items)
        delete item;
}

void FlowLayout::addItem(QLayoutItem *item)
{
    m_items.push_back(item);
}

int FlowLayout::count() const
{
    return static_cast<int>(m_items.size());
}

QLayoutItem *FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    QLayoutItem *item = m_items[static_cast<std::size_t>(index)];
    m_items.erase(m_items.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem *item : m_items) {
        if (!item->isEmpty())
            size = size.expandedTo(item->minimumSize());
    }
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

QSize FlowLayout::sizeHint() const
{
    int width = 0;
    int height = 0;
    for (const QLayoutItem *item : m_items) {
        if (item->isEmpty())
            continue;
        width += item->sizeHint().width() + spacing();
        height = std::max(height, item->sizeHint().height());
    }
    return {std::max(0, width - spacing()), height};
}

void FlowLayout::setGeometry(const QRect &rectangle)
{
    QLayout::setGeometry(rectangle);
    arrange(rectangle, true);
}

int FlowLayout::arrange(const QRect &rectangle, bool apply) const
{
    const QRect room = rectangle.marginsRemoved(contentsMargins());
    const bool mirrored = parentWidget() && parentWidget()->isRightToLeft();
    int y = 0;
    int lineHeight = 0;
    int x = 0;
    std::vector<std::pair<QLayoutItem *, QRect>> line;
    // Items of different heights stand on one middle.
    const auto finishLine = [&] {
        for (const auto &[item, place] : line) {
            const int left = mirrored ? room.right() + 1 - place.x() - place.width() : room.left() + place.x();
            const int top = room.top() + y + (lineHeight - place.height()) / 2;
            if (apply)
                item->setGeometry(QRect(QPoint(left, top), place.size()));
        }
        line.clear();
    };
    // What can shrink does so before anything goes on in the next line.
    int left = room.width() + spacing();
    for (const QLayoutItem *item : m_items)
        left -= item->isEmpty() ? 0 : item->minimumSize().width() + spacing();
    const bool onOneLine = left >= 0 && sizeHint().width() > room.width();
    for (QLayoutItem *item : m_items) {
        if (item->isEmpty())
            continue;
        QSize size = item->sizeHint();
        size.setWidth(std::min(size.width(), std::max(room.width(), item->minimumSize().width())));
        if (onOneLine) {
            const int least = item->minimumSize().width();
            const int extra = std::clamp(size.width() - least, 0, left);
            size.setWidth(least + extra);
            left -= extra;
        }
        if (x > 0 && x + size.width() > room.width()) {
            finishLine();
            x = 0;
            y += lineHeight + spacing();
            lineHeight = 0;
        }
        line.emplace_back(item, QRect(QPoint(x, 0), size));
        x += size.width() + spacing();
        lineHeight = std::max(lineHeight, size.height());
    }
    finishLine();
    const QMargins margins = contentsMargins();
    return y + lineHeight + margins.top() + margins.bottom();
}

} // namespace perunit
