// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"
#include "widgets/inputs/choices.h"

#include <QFrame>

#include <map>
#include <optional>
#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;
class QVBoxLayout;

namespace perunit {

class ChoiceBox;
class ElidedLabel;
class ParameterRow;
class ResetDot;
class ScopeEdit;

/// Shares of the prompt tokens that the gaps between the recorded requests allow to read from a cache.
struct CacheGapShares {
    PartsPerMillion within5m = 0; ///< with a lifetime of five minutes
    PartsPerMillion within1h = 0;
    bool atMost = false; ///< not every request names its conversation: it may be less
    bool operator==(const CacheGapShares &) const = default;
};

/// One lever as an editor shows it, with where it comes from. Three cases: own (neither `inherited` nor
/// `inheritedLever`), inherited untouched (`inherited`), override of an ancestor's lever (`inheritedLever`).
struct LeverEntry {
    Lever lever;
    QString setBy;                       ///< name of the scenario that set it
    bool inherited = false;              ///< set by an ancestor; an edit makes an override in this scenario
    std::optional<Lever> inheritedLever; ///< what an ancestor says under the same id, when this scenario overrides it
    QString inheritedFrom;               ///< name of that ancestor
    std::optional<CacheGapShares> gaps;  ///< of a prompt cache, once they are known
    /// What the ledger says for a parameter, by its name: "measured 40 %".
    std::map<std::string, QString> measured;
};

/// Edits one lever: enabled, scope, parameters, start, ramp, note. Shows what it is given and emits what the
/// user wants; whoever owns the scenario sends the new state back with setEntry().
class LeverEditor : public QFrame
{
    Q_OBJECT
public:
    explicit LeverEditor(LeverKind kind, QWidget *parent = nullptr);

    [[nodiscard]] LeverKind kind() const { return m_kind; }
    [[nodiscard]] const Lever &lever() const { return m_entry.lever; }
    void setChoices(const LeverChoices &choices);
    /// Shows a lever without emitting. A slider that is being dragged is left alone.
    void setEntry(const LeverEntry &entry);
    /// Problems of this lever, shown at their parameter in words; those of other levers are ignored.
    void setProblems(const std::vector<LeverProblem> &problems);
    /// Opens or closes start, ramp, note and evidence.
    void setDetailsShown(bool shown);
    /// Opens or closes the parameters that most scenarios do without.
    void setAdvancedShown(bool shown);
    /// True from the first move of a slider to its release. Problems that arrive meanwhile are shown afterwards: the
    /// slider must not move under the hand.
    [[nodiscard]] bool isDragging() const { return m_dragging; }
    /// Gives the focus to the first field that waits for a value, or else to the main one.
    void focusFirstField();

signals:
    /// Once per change; while a slider is held at most once per frame with `whileDragging`, then once when released.
    void edited(const perunit::Lever &lever, bool whileDragging);
    /// The lever shall go away (only offered for levers of this scenario).
    void removeRequested();
    /// An override shall be given up so that the ancestor's lever holds again.
    void resetRequested();

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildHead(QVBoxLayout *rows);
    void buildParameters(QVBoxLayout *rows);
    void buildAdvanced(QVBoxLayout *rows);
    QWidget *newTextRow(const ParameterSpec &spec);
    void addTextField(const ParameterSpec &spec, QWidget *row, QVBoxLayout *lines);
    void takeLine(const std::string &name);
    void showTextProblem(const std::string &name);
    void buildDetails(QVBoxLayout *rows);
    void connectDetails();
    void setText(const std::string &name, const std::string &value);
    [[nodiscard]] std::string shownText(const std::string &name) const;
    [[nodiscard]] QWidget *textField(const std::string &name) const;
    [[nodiscard]] const OfferChoice *chosenOffer() const;
    [[nodiscard]] std::vector<ChoiceItem> itemsFor(const ParameterSpec &spec, const OfferChoice *offer) const;
    [[nodiscard]] QString monthLabel(Month month) const;
    void showEntry();
    void showDetails();
    void showNumbers();
    void showTexts();
    void showGaps();
    void showAdvanced();
    void showCurrency();
    void showOffer();
    void showOrigin();
    void showHead();
    void fillMonths();
    void change(const Lever &lever, bool whileDragging = false);
    [[nodiscard]] const Lever *origin() const;

    LeverKind m_kind;
    LeverEntry m_entry;
    LeverChoices m_choices;
    QCheckBox *m_enabled = nullptr;
    QLabel *m_icon = nullptr;
    QLabel *m_title = nullptr;
    ElidedLabel *m_from = nullptr;
    QToolButton *m_reset = nullptr;
    QToolButton *m_remove = nullptr;
    QWidget *m_body = nullptr;
    ScopeEdit *m_scope = nullptr;
    QLabel *m_scopeProblem = nullptr;
    QLabel *m_timingProblem = nullptr;
    std::map<std::string, ParameterRow *> m_numbers;
    /// Either a list to choose from or a line of free text.
    struct TextRow {
        ChoiceBox *box = nullptr;
        QLineEdit *line = nullptr;
        ResetDot *dot = nullptr;
        QLabel *problem = nullptr;
        QString refusal;     ///< what was typed and cannot be taken
        QString problemText; ///< what is wrong with the value that holds
    };
    std::map<std::string, TextRow> m_texts;
    QToolButton *m_advancedButton = nullptr; ///< null: the lever has no such parameters
    QWidget *m_advanced = nullptr;
    std::optional<std::vector<LeverProblem>> m_waitingProblems; ///< arrived during a drag
    QToolButton *m_more = nullptr;
    QLabel *m_timing = nullptr;
    QWidget *m_details = nullptr;
    QComboBox *m_start = nullptr;
    QSpinBox *m_ramp = nullptr;
    QComboBox *m_grade = nullptr;
    QLineEdit *m_owner = nullptr;
    QLineEdit *m_note = nullptr;
    bool m_showing = false;
    bool m_dragging = false;
};

/// Name of the icon of a kind of lever.
QString leverIconName(LeverKind kind);

} // namespace perunit
