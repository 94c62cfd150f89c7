// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/figure_view.h"

#include "widgets/charts/chart_pane.h"
#include "widgets/charts/figure_painter.h"
#include "widgets/charts/figure_table.h"
#include "widgets/text/text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr int imageScale = 2;
constexpr int narrowView = 420;

QLabel *wrappingLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

QToolButton *switchButton(QWidget *parent, const QString &text, const QString &help)
{
    auto *button = new QToolButton(parent);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setText(text);
    button->setToolTip(help);
    button->setAccessibleName(help);
    return button;
}

/// A label with nothing to say takes no room.
void setText(QLabel *label, const QString &text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

struct FigureView::Impl {
    Figure figure;
    std::optional<FigurePlane> plane;
    QLabel *title = nullptr;
    QLabel *subtitle = nullptr;
    QLabel *notes = nullptr;
    QLabel *empty = nullptr;
    QStackedWidget *stack = nullptr;
    ChartPane *pane = nullptr;
    QTableWidget *table = nullptr;
    QToolButton *showChart = nullptr;
    QToolButton *showTable = nullptr;
    QAction *copyImage = nullptr;
    QAction *copyTable = nullptr;
    QAction *exportFile = nullptr;
    QString hint;
    std::function<bool(FigurePlace)> leads;
    QVector<QVector<std::optional<FigurePlace>>> places; ///< of the cells of the table
    int leastHeight = 0;
    bool tableShown = false;
    bool tableFilled = false;
};

namespace {

/// A narrow view offers only what is not shown: its title needs the room.
template <typename Parts>
void showSwitches(const Parts &parts, int width)
{
    const bool any = !parts.figure.isEmpty();
    const bool both = width >= narrowView;
    parts.showChart->setVisible(any && (both || parts.tableShown));
    parts.showTable->setVisible(any && (both || !parts.tableShown));
}

} // namespace

FigureView::FigureView(QWidget *parent)
    : QWidget(parent)
    , m_impl(std::make_unique<Impl>())
{
    m_impl->title = wrappingLabel(this);
    m_impl->subtitle = wrappingLabel(this);
    m_impl->notes = wrappingLabel(this);
    m_impl->showChart = switchButton(this, tr("Chart"), tr("Show the chart"));
    m_impl->showTable = switchButton(this, tr("Table"), tr("Show the same numbers as a table"));
    m_impl->showChart->setChecked(true);
    connect(m_impl->showChart, &QToolButton::clicked, this, [this] { setTableShown(false); });
    connect(m_impl->showTable, &QToolButton::clicked, this, [this] { setTableShown(true); });

    m_impl->pane = new ChartPane(this);
    connect(m_impl->pane, &ChartPane::handleMoved, this, &FigureView::handleMoved);
    connect(m_impl->pane, &ChartPane::handleStepped, this, &FigureView::handleStepped);
    connect(m_impl->pane, &ChartPane::handleSentTo, this, &FigureView::handleSentTo);
    connect(m_impl->pane, &ChartPane::handleHeld, this, &FigureView::handleHeld);
    m_impl->table = new QTableWidget(this);
    m_impl->table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_impl->table->setAlternatingRowColors(true);
    m_impl->table->setShowGrid(false);
    m_impl->table->setFrameShape(QFrame::NoFrame);
    m_impl->table->setAcceptDrops(false);
    m_impl->table->viewport()->setAcceptDrops(false);
    m_impl->table->verticalHeader()->hide();
    m_impl->table->verticalHeader()->setDefaultSectionSize(Theme::rowHeight);
    m_impl->table->setAccessibleName(tr("Numbers of the chart"));
    connect(m_impl->table, &QTableWidget::cellActivated, this, &FigureView::tableCellChosen);
    m_impl->pane->setHint([this](FigurePlace drawn) {
        const auto place = placeOf(drawn);
        return place && leads(*place) ? m_impl->hint : QString();
    });
    connect(m_impl->pane, &ChartPane::activated, this, [this](FigurePlace drawn) {
        if (const auto place = placeOf(drawn))
            emit figureActivated(*place);
    });
    m_impl->empty = wrappingLabel(this);
    m_impl->empty->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_impl->stack = new QStackedWidget(this);
    m_impl->stack->addWidget(m_impl->pane);
    m_impl->stack->addWidget(m_impl->table);
    m_impl->stack->addWidget(m_impl->empty);

    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::space2);
    head->addWidget(m_impl->title, 1);
    auto *switches = new QHBoxLayout;
    switches->setSpacing(0);
    switches->addWidget(m_impl->showChart);
    switches->addWidget(m_impl->showTable);
    head->addLayout(switches);
    head->setAlignment(switches, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space1);
    column->addLayout(head);
    column->addWidget(m_impl->subtitle);
    column->addWidget(m_impl->stack, 1);
    column->addWidget(m_impl->notes);

    m_impl->copyImage = new QAction(tr("Copy as image"), this);
    connect(m_impl->copyImage, &QAction::triggered, this, &FigureView::copyImage);
    m_impl->copyTable = new QAction(tr("Copy numbers"), this);
    m_impl->copyTable->setShortcut(QKeySequence::Copy);
    m_impl->copyTable->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(m_impl->copyTable, &QAction::triggered, this, &FigureView::copyTable);
    m_impl->exportFile = new QAction(tr("Export chart…"), this);
    connect(m_impl->exportFile, &QAction::triggered, this, &FigureView::exportRequested);
    addActions({m_impl->copyImage, m_impl->copyTable, m_impl->exportFile});
    m_impl->title->setFont(Theme::font(Theme::TextRole::Section));
    m_impl->table->setFont(Theme::font(Theme::TextRole::Table));
    for (QToolButton *button : {m_impl->showChart, m_impl->showTable})
        button->setFont(Theme::font(Theme::TextRole::Caption));
    for (QLabel *label : {m_impl->subtitle, m_impl->notes, m_impl->empty})
        setRole(label, "caption");
    applyTheme();
    setFigure({});
}

FigureView::~FigureView() = default;

void FigureView::setFigure(const Figure &figure)
{
    setFigure(figure, std::nullopt);
}

const std::optional<FigurePlane> &FigureView::plane() const
{
    return m_impl->plane;
}

void FigureView::setFigure(const Figure &figure, const std::optional<FigurePlane> &plane)
{
    m_impl->figure = figure;
    m_impl->plane = plane;
    m_impl->tableFilled = false;
    m_impl->pane->clearCursor();
    m_impl->pane->content().setFigure(figure, plane);
    m_impl->pane->setMinimumHeight(qRound(leastChartHeight(figure)));
    showTexts();
    const bool empty = figure.isEmpty();
    for (QAction *action : {m_impl->copyImage, m_impl->copyTable, m_impl->exportFile})
        action->setEnabled(!empty);
    showSwitches(*m_impl, width());
    if (m_impl->tableShown && !empty)
        fillTable();
    QWidget *shown = m_impl->pane;
    if (empty)
        shown = m_impl->empty;
    else if (m_impl->tableShown)
        shown = m_impl->table;
    m_impl->stack->setCurrentWidget(shown);
    updateGeometry();
}

void FigureView::setLeastHeight(int height)
{
    m_impl->leastHeight = height;
    updateGeometry();
}

/// Wrapped texts take more lines where the view is narrow; none of them may be cut.
QSize FigureView::minimumSizeHint() const
{
    const QSize least = layout()->minimumSize();
    return {least.width(), std::max(m_impl->leastHeight, layout()->minimumHeightForWidth(std::max(width(), 1)))};
}

QSize FigureView::sizeHint() const
{
    return {layout()->sizeHint().width(), minimumSizeHint().height()};
}

void FigureView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() == event->oldSize().width())
        return;
    showSwitches(*m_impl, event->size().width());
    updateGeometry();
}

const Figure &FigureView::figure() const
{
    return m_impl->figure;
}

void FigureView::showTexts()
{
    const Figure &figure = m_impl->figure;
    setText(m_impl->title, toQt(figure.title));
    setText(m_impl->subtitle, toQt(figure.subtitle));
    QStringList notes;
    for (const std::string &note : m_impl->pane->content().figure().notes)
        notes.append(toQt(note));
    setText(m_impl->notes, notes.join(QLatin1Char('\n')));
    m_impl->empty->setText(figure.emptyText.empty() ? tr("There is nothing to show yet.") : toQt(figure.emptyText));
    const QString summary = figure.isEmpty() ? m_impl->empty->text() : toQt(figure.summary);
    QString name = toQt(figure.title);
    if (m_impl->plane && !m_impl->plane->handles.empty()) {
        const FigureHandle &handle = m_impl->plane->handles.front();
        name += QStringLiteral(". ") + toQt(handle.name + ": " + handle.label);
    }
    for (QWidget *widget : {static_cast<QWidget *>(this), static_cast<QWidget *>(m_impl->pane)}) {
        widget->setAccessibleName(name);
        widget->setAccessibleDescription(summary);
    }
}

void FigureView::setAxesHeld(bool held)
{
    m_impl->pane->content().setAxesHeld(held);
}

std::pair<double, double> FigureView::valueRange() const
{
    const FigureLayout &layout = m_impl->pane->content().layout();
    if (layout.plot.isEmpty())
        return {0, 0};
    return {layout.y.low, layout.y.high};
}

void FigureView::setTableShown(bool shown)
{
    m_impl->tableShown = shown;
    m_impl->showChart->setChecked(!shown);
    m_impl->showTable->setChecked(shown);
    showSwitches(*m_impl, width());
    if (m_impl->figure.isEmpty())
        return;
    if (shown)
        fillTable();
    m_impl->stack->setCurrentWidget(shown ? static_cast<QWidget *>(m_impl->table) : m_impl->pane);
}

bool FigureView::isTableShown() const
{
    return m_impl->tableShown;
}

void FigureView::fillTable()
{
    if (m_impl->tableFilled)
        return;
    m_impl->tableFilled = true;
    const FigureTable content = tableOf(m_impl->figure, m_impl->plane);
    m_impl->places = content.places;
    QTableWidget *table = m_impl->table;
    table->setColumnCount(static_cast<int>(content.header.size()));
    table->setRowCount(static_cast<int>(content.rows.size()));
    table->setHorizontalHeaderLabels(content.header);
    for (int row = 0; row < table->rowCount(); ++row) {
        for (int column = 0; column < table->columnCount(); ++column) {
            const QString text = content.rows[row].value(column);
            // The first line is the number; what stands below it is told on hover and when copied.
            auto *item = new QTableWidgetItem(text.section(QLatin1Char('\n'), 0, 0));
            const auto place = column > 0 ? m_impl->places[row].value(column - 1) : std::nullopt;
            item->setToolTip(place && leads(*place)
                                 ? text + QLatin1Char('\n') + tr("Double-click or press Return to explain it")
                                 : text);
            item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            table->setItem(row, column, item);
        }
    }
    for (int column = 1; column < table->columnCount(); ++column)
        table->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    if (table->columnCount() > 0)
        table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->resizeColumnsToContents();
}

void FigureView::setActivation(const QString &hint, std::function<bool(FigurePlace place)> leads)
{
    m_impl->hint = hint;
    m_impl->leads = std::move(leads);
}

bool FigureView::leads(FigurePlace place) const
{
    return m_impl->leads && m_impl->leads(place);
}

/// The chart draws a few series only, and the small ones as one: that one stands for no single value.
std::optional<FigurePlace> FigureView::placeOf(FigurePlace drawn) const
{
    const FigureSeries &shown = m_impl->pane->content().figure().series[static_cast<std::size_t>(drawn.series)];
    const auto &all = m_impl->figure.series;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name == shown.name && all[i].role == shown.role && all[i].roleIndex == shown.roleIndex)
            return FigurePlace{static_cast<int>(i), drawn.point};
    }
    return std::nullopt;
}

void FigureView::tableCellChosen(int row, int column)
{
    if (row < 0 || row >= m_impl->places.size() || column < 1)
        return;
    const auto place = m_impl->places[row].value(column - 1);
    if (place && leads(*place))
        emit figureActivated(*place);
}

QImage FigureView::image() const
{
    constexpr int margin = Theme::space4;
    const QSize size =
        QSize(std::max(m_impl->stack->width(), 480), std::max(height(), 300)) + QSize(2 * margin, 2 * margin);
    QImage image(size * imageScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(imageScale);
    image.fill(currentTheme().surface);
    QPainter painter(&image);
    paintFigure(painter, QRectF(QPointF(), QSizeF(size)).adjusted(margin, margin, -margin, -margin), m_impl->figure,
                currentTheme(), false, m_impl->plane);
    return image;
}

QString FigureView::tableText() const
{
    return tabSeparated(tableOf(m_impl->figure, m_impl->plane));
}

void FigureView::copyImage() const
{
    QApplication::clipboard()->setImage(image());
}

void FigureView::copyTable() const
{
    QApplication::clipboard()->setText(tableText());
}

void FigureView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyTheme();
}

void FigureView::applyTheme()
{
    m_impl->pane->content().setTheme(currentTheme());
}

void FigureView::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    QAction *twin = menu.addAction(m_impl->tableShown ? tr("Show as chart") : tr("Show as table"));
    twin->setEnabled(!m_impl->figure.isEmpty());
    connect(twin, &QAction::triggered, this, [this] { setTableShown(!m_impl->tableShown); });
    menu.addSeparator();
    menu.addActions({m_impl->copyImage, m_impl->copyTable, m_impl->exportFile});
    menu.exec(event->globalPos());
}

} // namespace perunit
