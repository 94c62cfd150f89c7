// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/overlay/price_overlay.h"
#include "widgets/inputs/choices.h"

#include <QStringList>
#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QBoxLayout;
class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;

namespace perunit {

class ChoiceBox;
class SegmentedSwitch;
class ValueSetEdit;

/// What a term of a contract can be about; the caller takes it from the price book.
struct OverlayChoices {
    std::vector<ChoiceItem> providers;
    std::map<std::string, std::vector<ChoiceItem>> models; ///< by provider
    std::vector<ChoiceItem> classes;                       ///< by name as in files
    QString currency;
    bool operator==(const OverlayChoices &) const = default;
};

/// Edits one term of a contract. What cannot hold is said at its field and not emitted.
class OverlayEdit : public QWidget
{
    Q_OBJECT
public:
    explicit OverlayEdit(QWidget *parent = nullptr);

    void setChoices(const OverlayChoices &choices);
    /// Names of the other terms; two may not share one.
    void setTakenNames(const QStringList &names);
    /// Shows a term without emitting. What the user is typing stays as long as it is about the same term.
    void setOverlay(const PriceOverlay &overlay);
    [[nodiscard]] const PriceOverlay &overlay() const { return m_overlay; }
    /// Says below the models that names are unknown; empty: nothing.
    void setWarning(const QString &text);
    /// Why what the fields say is not stored: by the name of the member in files ("percent"); empty when it is.
    [[nodiscard]] const std::map<std::string, QString> &problems() const { return m_problems; }
    /// Puts the cursor on the name.
    void focusName();

signals:
    /// The user changed the term, and it can hold. `field` is the member as files name it; `typing` while letters are
    /// typed one after the other.
    void edited(const perunit::PriceOverlay &overlay, const QString &field, bool typing);

private:
    struct Field {
        QWidget *widget = nullptr;
        QLabel *title = nullptr;
        QLabel *problem = nullptr;
    };
    void buildTerm();
    void buildScope();
    void buildTime();
    void connectFields();
    void addField(const std::string &member, const QString &label, QWidget *field);
    void addField(const std::string &member, const QString &label, QWidget *field, QBoxLayout *into);
    QLineEdit *newLine(QLabel **unit, const QString &placeholder, QWidget **row);
    QLineEdit *newDate(const QString &placeholder, const QString &help);
    void changed(const std::string &field, bool typing);
    void classesChanged();
    void showKind();
    void showModels();
    void showProblems();
    [[nodiscard]] OverlayKind kind() const;
    [[nodiscard]] bool isForEvents() const;
    PriceOverlay readFields(std::map<std::string, QString> &problems) const;
    std::int64_t readNumber(const QLineEdit *field, int decimals, const QString &example, QString &problem) const;
    static Instant readDate(const QLineEdit *field, Instant otherwise, QString &problem);

    PriceOverlay m_overlay;
    OverlayChoices m_choices;
    QStringList m_taken;
    std::map<std::string, QString> m_problems;
    std::map<std::string, Field> m_fields;
    QVBoxLayout *m_rows = nullptr;
    QLineEdit *m_name = nullptr;
    QCheckBox *m_enabled = nullptr;
    SegmentedSwitch *m_kind = nullptr;
    QWidget *m_percentRow = nullptr;
    QWidget *m_priceRow = nullptr;
    QLineEdit *m_percent = nullptr;
    QLineEdit *m_price = nullptr;
    QLabel *m_percentUnit = nullptr;
    QLabel *m_priceUnit = nullptr;
    ChoiceBox *m_provider = nullptr;
    ValueSetEdit *m_models = nullptr;
    QLabel *m_warning = nullptr;
    ValueSetEdit *m_classes = nullptr;
    ValueSetEdit *m_tiers = nullptr;
    QLineEdit *m_from = nullptr;
    QLineEdit *m_to = nullptr;
    QPlainTextEdit *m_note = nullptr;
    bool m_showing = false;
    bool m_fresh = true;       ///< nothing was shown yet
    bool m_eventPrice = false; ///< the price that stands there is for one event
};

} // namespace perunit
