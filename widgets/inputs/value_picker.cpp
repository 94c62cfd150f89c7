// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/value_picker.h"

#include "widgets/inputs/check_list_model.h"
#include "widgets/inputs/search_field.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

namespace {

constexpr int pickerWidth = 320;
constexpr int mostVisibleRows = 10;
constexpr int fewestVisibleRows = 3;
constexpr int listRowHeight = 26;

} // namespace

ValuePicker::ValuePicker(const QString &title, const std::vector<std::pair<std::string, QString>> &values,
                         const std::vector<std::string> &chosen, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_model(new CheckListModel(values, chosen, this))
    , m_search(new SearchField(tr("Search: %1").arg(title), this))
    , m_list(new QListView(this))
{
    setProperty("role", "popup");
    setAccessibleName(title);
    setFixedWidth(pickerWidth);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(Theme::space3, Theme::space3, Theme::space3, Theme::space3);
    rows->setSpacing(Theme::space2);
    auto *head = new QLabel(title, this);
    head->setProperty("role", "heading");
    rows->addWidget(head);
    rows->addWidget(m_search);
    m_list->setModel(m_model);
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(title);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setTextElideMode(Qt::ElideMiddle);
    const int visible = std::clamp(static_cast<int>(values.size()), fewestVisibleRows, mostVisibleRows);
    m_list->setFixedHeight(visible * listRowHeight + 4);
    m_list->viewport()->installEventFilter(this);
    m_list->installEventFilter(this);
    rows->addWidget(m_list);

    auto *foot = new QHBoxLayout;
    auto *count = new QLabel(this);
    count->setProperty("role", "caption");
    auto *none = new QPushButton(tr("Clear"), this);
    none->setProperty("role", "quiet");
    none->setAccessibleName(tr("Choose none: %1").arg(title));
    auto *done = new QPushButton(tr("Done"), this);
    done->setProperty("role", "primary");
    done->setAccessibleName(tr("Done: %1").arg(title));
    foot->addWidget(count, 1);
    foot->addWidget(none);
    foot->addWidget(done);
    rows->addLayout(foot);

    const auto showCount = [this, count] {
        const int chosenNow = m_model->chosenCount();
        count->setText(chosenNow == 0 ? tr("any value") : tr("%1 chosen").arg(chosenNow));
    };
    showCount();
    connect(m_model, &QAbstractItemModel::dataChanged, this, showCount);
    connect(m_search, &SearchField::searchChanged, m_model, &CheckListModel::setFilter);
    connect(m_search, &SearchField::leaveRequested, this, [this] {
        m_list->setFocus();
        m_list->setCurrentIndex(m_model->index(0));
    });
    connect(none, &QPushButton::clicked, this, [this] {
        m_search->clear();
        m_model->setAllChecked(false);
    });
    connect(done, &QPushButton::clicked, this, &QWidget::close);
}

std::vector<std::string> ValuePicker::chosen() const
{
    return m_model->chosen();
}

void ValuePicker::openAt(QWidget *anchor)
{
    adjustSize();
    QPoint at = anchor->mapToGlobal(QPoint(0, anchor->height() + 2));
    if (const QScreen *screen = anchor->screen()) {
        const QRect room = screen->availableGeometry();
        if (at.y() + height() > room.bottom())
            at.setY(anchor->mapToGlobal(QPoint()).y() - height() - 2);
        at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - width())));
        at.setY(std::max(at.y(), room.top()));
    }
    move(at);
    show();
    m_search->setFocus();
}

void ValuePicker::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        m_accepted = false;
        close();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        close();
    } else {
        QFrame::keyPressEvent(event);
    }
}

void ValuePicker::closeEvent(QCloseEvent *event)
{
    QFrame::closeEvent(event);
    if (m_closed)
        return;
    m_closed = true;
    emit closed(m_accepted);
}

bool ValuePicker::eventFilter(QObject *watched, QEvent *event)
{
    // The whole row is the check box, not only its sixteen pixels.
    if (watched == m_list->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const QModelIndex index = m_list->indexAt(static_cast<QMouseEvent *>(event)->pos());
        if (index.isValid()) {
            m_list->setCurrentIndex(index);
            m_model->toggle(index.row());
            return true;
        }
    }
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            close();
            return true;
        }
        if (key == Qt::Key_Up && m_list->currentIndex().row() <= 0) {
            m_search->setFocus();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace perunit
