// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"

#include <QUndoCommand>

#include <utility>

namespace perunit {

/// The one undoable command: swaps whole states.
class ReplaceStateCommand : public QUndoCommand
{
public:
    ReplaceStateCommand(WorkspaceDocument *document, const QString &text, WorkspaceState before, WorkspaceState after,
                        QString mergeKey)
        : QUndoCommand(text)
        , m_document(document)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_mergeKey(std::move(mergeKey))
    {}

    void undo() override { m_document->apply(m_before); }
    void redo() override { m_document->apply(m_after); }
    [[nodiscard]] int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = static_cast<const ReplaceStateCommand *>(other);
        if (next->m_mergeKey != m_mergeKey)
            return false;
        m_after = next->m_after;
        setObsolete(m_before == m_after);
        return true;
    }

private:
    WorkspaceDocument *m_document;
    WorkspaceState m_before;
    WorkspaceState m_after;
    QString m_mergeKey;
};

} // namespace perunit
