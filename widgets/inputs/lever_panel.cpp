// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inputs/lever_panel.h"

#include "widgets/feedback/empty_state.h"
#include "widgets/inputs/lever_picker.h"
#include "widgets/text/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace perunit {

LeverPanel::LeverPanel(QWidget *parent)
    : QWidget(parent)
    , m_add(new QPushButton(tr("Add lever"), this))
{
    setAccessibleName(tr("Levers"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_content = new QWidget(m_scroll);
    m_rows = new QVBoxLayout(m_content);
    m_rows->setContentsMargins(Theme::space3, Theme::space2, Theme::space3, Theme::space3);
    m_rows->setSpacing(Theme::space2);
    m_empty = new EmptyState(QStringLiteral("settings"), {}, m_content);
    m_rows->addWidget(m_empty);
    m_rows->addStretch(1);
    m_scroll->setWidget(m_content);
    m_content->setAutoFillBackground(false); // setWidget() has switched it on
    outer->addWidget(m_scroll, 1);

    m_add->setIcon(themedIcon(QStringLiteral("add")));
    connect(m_add, &QPushButton::clicked, this, &LeverPanel::openPicker);
    m_add->setAccessibleName(tr("Add a lever"));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(Theme::space3, Theme::space2, Theme::space3, Theme::space3);
    foot->addWidget(m_add, 1);
    outer->addLayout(foot);
    showEmptyState();
}

void LeverPanel::openPicker()
{
    auto *picker = new LeverPicker(this);
    picker->setAttribute(Qt::WA_DeleteOnClose);
    connect(picker, &LeverPicker::chosen, this, &LeverPanel::addRequested);
    picker->openAt(m_add);
}

void LeverPanel::setChoices(const LeverChoices &choices)
{
    m_choices = choices;
    for (const Item &item : m_items)
        item.editor->setChoices(choices);
}

LeverEditor *LeverPanel::newEditor(const LeverEntry &entry)
{
    auto *editor = new LeverEditor(entry.lever.kind, m_content);
    editor->setChoices(m_choices);
    const std::string id = entry.lever.id;
    connect(editor, &LeverEditor::edited, this, &LeverPanel::leverChanged);
    connect(editor, &LeverEditor::removeRequested, this, [this, id] { emit removeRequested(id); });
    connect(editor, &LeverEditor::resetRequested, this, [this, id] { emit resetRequested(id); });
    return editor;
}

void LeverPanel::leverChanged(const Lever &lever, bool whileDragging)
{
    m_dragging = whileDragging;
    emit leverEdited(lever, whileDragging);
    if (m_dragging)
        return;
    // Whatever has come meanwhile; the owner need not say it again.
    for (const Item &item : m_items)
        item.editor->setProblems(m_problems);
}

void LeverPanel::setLevers(const std::vector<LeverEntry> &levers, const std::vector<LeverProblem> &problems)
{
    m_problems = problems;
    std::vector<Item> items;
    for (const LeverEntry &entry : levers) {
        const auto found = std::find_if(m_items.begin(), m_items.end(), [&entry](const Item &item) {
            return item.editor && item.id == entry.lever.id && item.editor->kind() == entry.lever.kind;
        });
        Item item{entry.lever.id, nullptr};
        if (found != m_items.end())
            std::swap(item.editor, found->editor);
        else
            item.editor = newEditor(entry);
        item.editor->setEntry(entry);
        // A problem of one lever must not move the slider of another one that is held.
        if (!m_dragging)
            item.editor->setProblems(problems);
        items.push_back(item);
    }
    for (const Item &gone : m_items) {
        if (!gone.editor)
            continue;
        m_rows->removeWidget(gone.editor);
        gone.editor->hide();
        gone.editor->deleteLater(); // it may be the sender
    }
    m_items = std::move(items);
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const int place = static_cast<int>(i);
        if (m_rows->indexOf(m_items[i].editor) == place)
            continue;
        m_rows->removeWidget(m_items[i].editor);
        m_rows->insertWidget(place, m_items[i].editor);
        m_items[i].editor->show();
    }
    orderTabs();
    showEmptyState();
}

void LeverPanel::orderTabs()
{
    // Tab walks through the levers as they stand, whichever was made first.
    QWidget *last = nullptr;
    for (const Item &item : m_items) {
        for (QWidget *field : item.editor->findChildren<QWidget *>()) {
            if (!(field->focusPolicy() & Qt::TabFocus) || field->focusProxy() || field->window() != window())
                continue;
            if (last)
                QWidget::setTabOrder(last, field);
            last = field;
        }
    }
    if (last)
        QWidget::setTabOrder(last, m_add);
}

void LeverPanel::setEditable(bool editable, const QString &why)
{
    m_editable = editable;
    m_why = why;
    m_add->setVisible(editable);
    for (const Item &item : m_items)
        item.editor->setEnabled(editable);
    showEmptyState();
}

void LeverPanel::showEmptyState()
{
    m_empty->setVisible(m_items.empty());
    if (m_editable) {
        m_empty->setSentence(tr("This scenario changes nothing yet."));
        m_empty->setHint(tr("Add a lever to ask what would happen if requests were routed, cached, batched, longer or "
                            "served by reserved capacity."));
    } else {
        m_empty->setSentence(m_why.isEmpty() ? tr("Nothing can be changed here.") : m_why);
        m_empty->setHint({});
    }
}

LeverEditor *LeverPanel::editor(const std::string &leverId) const
{
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [&leverId](const Item &item) { return item.id == leverId; });
    return found == m_items.end() ? nullptr : found->editor;
}

void LeverPanel::showLever(const std::string &leverId)
{
    LeverEditor *shown = editor(leverId);
    if (!shown)
        return;
    // A lever that was added just now has no place yet.
    m_content->layout()->activate();
    m_scroll->ensureWidgetVisible(shown, 0, Theme::space3);
    shown->focusFirstField();
}

} // namespace perunit
