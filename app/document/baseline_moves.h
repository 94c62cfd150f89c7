// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace perunit {

/// What scenarios were last looked at on: enough to tell later what has moved under them.
struct BaselineFacts {
    std::string ledger;     ///< digest of the ledger
    std::string catalogues; ///< digest of all prices without terms of contracts
    std::string overrides;  ///< digest of the terms of contracts
    std::string settings;   ///< period and horizon as stored
    std::string engine;     ///< version of the rules
    std::string currency;
    std::optional<Femto> total;       ///< none when nothing has a price
    std::vector<std::string> sources; ///< files of the active sources, in order of name
    std::vector<std::string> layers;  ///< catalogues that were added on top of the bundled one
    bool operator==(const BaselineFacts &) const = default;
    /// Whether scenarios would say the same on both.
    [[nodiscard]] bool sameGround(const BaselineFacts &other) const;
};

/// The facts as JSON and back; nothing for text that is none.
std::string writeBaselineFacts(const BaselineFacts &facts);
std::optional<BaselineFacts> readBaselineFacts(std::string_view json);

/// How the ground moved under the scenarios since they were last looked at.
struct BaselineMove {
    BaselineFacts before;
    BaselineFacts after;
    /// What the new ledger costs at the former prices; none while it is not known.
    std::optional<Femto> newLedgerAtFormerPrices;

    [[nodiscard]] bool dataMoved() const { return before.ledger != after.ledger; }
    [[nodiscard]] bool pricesMoved() const;
    /// Parts of the change of the total: they add up to it. None where it cannot be told apart.
    [[nodiscard]] std::optional<Femto> dataEffect() const;
    [[nodiscard]] std::optional<Femto> priceEffect() const;
    /// "The baseline has moved: …" in a few sentences.
    [[nodiscard]] QString text() const;
};

/// Watches whether ledger, prices or rules have moved under the scenarios since somebody looked at them. What was
/// accepted is kept in the workspace, beside what the window remembers; it is no part of the undoable state.
class BaselineMoves : public QObject
{
    Q_OBJECT
public:
    explicit BaselineMoves(WorkspaceDocument &document, QObject *parent = nullptr);

    /// What has moved; nothing when nothing has.
    [[nodiscard]] const std::optional<BaselineMove> &move() const { return m_move; }
    /// The present ground is the one to compare with from now on.
    void accept();

signals:
    void changed();

private:
    void compare();
    void remember(const BaselineFacts &facts);
    void computeEffects();
    [[nodiscard]] std::optional<BaselineFacts> present() const;

    WorkspaceDocument &m_document;
    std::optional<BaselineFacts> m_accepted;
    std::shared_ptr<const PriceBook> m_acceptedBook; ///< only of this session: the file does not keep former prices
    std::shared_ptr<const Baseline> m_seen;
    std::optional<BaselineMove> m_move;
    JobRunner m_job;
};

} // namespace perunit
