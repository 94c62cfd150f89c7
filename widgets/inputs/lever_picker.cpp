// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/lever_picker.h"

#include "widgets/inputs/lever_editor.h"
#include "widgets/inputs/search_field.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <cstdlib>

namespace perunit {

namespace {

constexpr int kindRole = Qt::UserRole;
constexpr int helpRole = Qt::UserRole + 1;
constexpr int pickerWidth = 440;
constexpr int mostHeight = 560;
constexpr int iconSize = 20;
constexpr int noKind = -1;

/// Help up to the first full stop: one line is enough to choose.
QString firstSentence(const QString &help)
{
    const auto stop = help.indexOf(QLatin1String(". "));
    QString line = stop < 0 ? help : help.left(stop);
    if (line.endsWith(QLatin1Char('.')))
        line.chop(1);
    return line;
}

/// A heading of a group, or a kind: icon, name, and below it what it does.
class PickerDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const int name = QFontMetrics(Theme::font(Theme::TextRole::Body)).height();
        const int caption = QFontMetrics(Theme::font(Theme::TextRole::Caption)).height();
        return {0, isHeading(index) ? caption + Theme::space3 : name + caption + Theme::space2};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = currentTheme();
        painter->save();
        const QRect box = option.rect.adjusted(Theme::space2, 0, -Theme::space2, 0);
        if (isHeading(index)) {
            painter->setFont(Theme::font(Theme::TextRole::Caption));
            painter->setPen(theme.secondaryText);
            painter->drawText(box.adjusted(0, 0, 0, -2), Qt::AlignLeft | Qt::AlignBottom,
                              index.data(Qt::DisplayRole).toString());
            painter->restore();
            return;
        }
        if (option.state & QStyle::State_Selected) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.selection);
            painter->drawRoundedRect(option.rect, Theme::cornerRadius, Theme::cornerRadius);
        }
        const auto kind = static_cast<LeverKind>(index.data(kindRole).toInt());
        const qreal ratio = option.widget ? option.widget->devicePixelRatioF() : 1.0;
        painter->drawPixmap(box.left(), box.center().y() - iconSize / 2,
                            iconPixmap(leverIconName(kind), theme.text, iconSize, ratio));
        const QRect text = box.adjusted(iconSize + Theme::space3, Theme::space1, 0, -Theme::space1);
        drawLine(*painter, text, Qt::AlignTop, Theme::TextRole::Body, theme.text,
                 index.data(Qt::DisplayRole).toString());
        drawLine(*painter, text, Qt::AlignBottom, Theme::TextRole::Caption, theme.secondaryText,
                 index.data(helpRole).toString());
        painter->restore();
    }

private:
    static bool isHeading(const QModelIndex &index) { return index.data(kindRole).toInt() == noKind; }

    static void drawLine(QPainter &painter, const QRect &room, Qt::Alignment edge, Theme::TextRole role,
                         const QColor &ink, const QString &text)
    {
        const QFont font = Theme::font(role);
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(room, static_cast<int>(Qt::AlignLeft | edge),
                         QFontMetrics(font).elidedText(text, Qt::ElideRight, room.width()));
    }
};

} // namespace

std::vector<LeverGroup> leverGroups()
{
    using Kind = LeverKind;
    return {
        {LeverPicker::tr("Traffic"), {Kind::Volume, Kind::ConversationLength, Kind::AgentSteps, Kind::Retries}},
        {LeverPicker::tr("Models and prices"), {Kind::Routing, Kind::PriceChange}},
        {LeverPicker::tr("Tokens"), {Kind::ContextGrowth, Kind::Trimming, Kind::OutputLength}},
        {LeverPicker::tr("Caches"), {Kind::AnswerCache, Kind::PromptCache}},
        {LeverPicker::tr("Buying"), {Kind::Batch, Kind::Provisioned, Kind::EndpointSchedule}},
        {LeverPicker::tr("Money beside tokens"), {Kind::Training, Kind::HumanReview, Kind::ExchangeRate}},
    };
}

LeverPicker::LeverPicker(QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_search(new SearchField(tr("Search levers"), this))
    , m_list(new QListView(this))
    , m_model(new QStandardItemModel(this))
{
    setProperty("role", "popup");
    setAccessibleName(tr("Add a lever"));
    setFixedWidth(pickerWidth);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(Theme::space3, Theme::space3, Theme::space3, Theme::space3);
    rows->setSpacing(Theme::space2);
    rows->addWidget(m_search);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PickerDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Levers to add"));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setMouseTracking(true);
    m_list->installEventFilter(this);
    rows->addWidget(m_list, 1);
    m_search->installEventFilter(this);
    connect(m_search, &SearchField::searchChanged, this, &LeverPicker::fill);
    connect(m_list, &QListView::clicked, this, &LeverPicker::choose);
    connect(m_list, &QListView::entered, this, [this](const QModelIndex &index) {
        if (index.flags() & Qt::ItemIsSelectable)
            m_list->setCurrentIndex(index);
    });
    fill({});
}

void LeverPicker::fill(const QString &filter)
{
    m_model->clear();
    const QStringList words = filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const LeverGroup &group : leverGroups()) {
        QList<QStandardItem *> found;
        for (const LeverKind kind : group.kinds) {
            const LeverSpec &spec = leverSpec(kind);
            const QString name = toQt(spec.label);
            const QString help = toQt(spec.help);
            const QString searched = name + QLatin1Char(' ') + help + QLatin1Char(' ') + group.title;
            const bool matches = std::all_of(words.begin(), words.end(), [&searched](const QString &word) {
                return searched.contains(word, Qt::CaseInsensitive);
            });
            if (!matches)
                continue;
            auto *item = new QStandardItem(name);
            item->setData(static_cast<int>(kind), kindRole);
            item->setData(firstSentence(help), helpRole);
            item->setToolTip(help);
            item->setAccessibleText(group.title + QStringLiteral(", ") + name);
            item->setAccessibleDescription(help);
            found << item;
        }
        if (found.isEmpty())
            continue;
        auto *heading = new QStandardItem(group.title);
        heading->setData(noKind, kindRole);
        heading->setFlags(Qt::NoItemFlags);
        m_model->appendRow(heading);
        for (QStandardItem *item : found)
            m_model->appendRow(item);
    }
    if (m_model->rowCount() == 0) {
        auto *none = new QStandardItem(tr("No lever has all of these words."));
        none->setData(noKind, kindRole);
        none->setFlags(Qt::NoItemFlags);
        m_model->appendRow(none);
    }
    m_list->setCurrentIndex({});
    move(1);
}

std::vector<LeverKind> LeverPicker::listed() const
{
    std::vector<LeverKind> kinds;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (const int kind = m_model->index(row, 0).data(kindRole).toInt(); kind != noKind)
            kinds.push_back(static_cast<LeverKind>(kind));
    }
    return kinds;
}

void LeverPicker::openAt(QWidget *anchor)
{
    int wanted = m_search->sizeHint().height() + 3 * Theme::space3 + Theme::space2;
    for (int row = 0; row < m_model->rowCount(); ++row)
        wanted += m_list->sizeHintForRow(row);
    QRect room(0, 0, pickerWidth, mostHeight);
    if (const QScreen *screen = anchor->screen())
        room = screen->availableGeometry();
    setFixedHeight(std::min({wanted, mostHeight, room.height()}));
    const QPoint below = anchor->mapToGlobal(QPoint(0, anchor->height() + 2));
    const int above = anchor->mapToGlobal(QPoint()).y() - height() - 2;
    const bool fitsBelow = below.y() + height() <= room.bottom();
    const int y = fitsBelow ? below.y() : std::max(above, room.top());
    const int x =
        std::clamp(below.x() + anchor->width() - width(), room.left(), std::max(room.left(), room.right() - width()));
    QFrame::move(x, y);
    show();
    m_search->setFocus();
}

/// Goes on by so many kinds; headings are passed over.
void LeverPicker::move(int steps)
{
    const int direction = steps < 0 ? -1 : 1;
    int row = m_list->currentIndex().row();
    for (int left = std::abs(steps); left > 0; --left) {
        int next = row + direction;
        while (next >= 0 && next < m_model->rowCount() && !(m_model->index(next, 0).flags() & Qt::ItemIsSelectable))
            next += direction;
        if (next < 0 || next >= m_model->rowCount())
            break;
        row = next;
    }
    if (row >= 0 && row < m_model->rowCount() && (m_model->index(row, 0).flags() & Qt::ItemIsSelectable)) {
        m_list->setCurrentIndex(m_model->index(row, 0));
        m_list->scrollTo(m_model->index(std::max(0, row - 1), 0)); // with its heading
        m_list->scrollTo(m_model->index(row, 0));
    }
}

void LeverPicker::choose(const QModelIndex &index)
{
    if (!(index.flags() & Qt::ItemIsSelectable))
        return;
    const auto kind = static_cast<LeverKind>(index.data(kindRole).toInt());
    close();
    emit chosen(kind);
}

void LeverPicker::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

bool LeverPicker::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress || (watched != m_search && watched != m_list))
        return QFrame::eventFilter(watched, event);
    constexpr int page = 5;
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_PageDown:
        move(page);
        return true;
    case Qt::Key_PageUp:
        move(-page);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(m_list->currentIndex());
        return true;
    case Qt::Key_Escape:
        if (watched == m_search && !m_search->text().isEmpty())
            return false; // empties the line first
        close();
        return true;
    default:
        return false;
    }
}

} // namespace perunit
