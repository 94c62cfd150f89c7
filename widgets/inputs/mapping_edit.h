// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include <cstdint>
#include <map>
#include <vector>

class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace perunit {

class ChoiceBox;

/// What the rows of the file are.
enum class MappingPurpose : std::uint8_t { Requests, Prices };

/// A field that a column may feed.
struct MappingField {
    QString name;  ///< key in mapping files: "time", "cache_read", "tag:contract"
    QString label; ///< on screen: "Time"
    QString help;
    QString group;                ///< fields of one group stand together: "Tokens"
    bool required = false;        ///< without it nothing can be imported
    bool constantAllowed = false; ///< may be one text for all rows
    QStringList constants{};      ///< texts for all rows that are offered beside the columns
};

/// A column of the file with some of its values.
struct MappingColumn {
    QString header;
    QStringList samples;
};

/// Which column feeds which field; the same facts as a mapping file.
struct MappingValue {
    std::map<QString, QString> columns;   ///< field -> header
    std::map<QString, QString> constants; ///< field -> text for all rows
    bool inputIncludesCache = false;      ///< the input column counts cached tokens too
    bool operator==(const MappingValue &) const = default;
};

/// Fields of a request log, in the order to show them.
const std::vector<MappingField> &requestLogFields();
/// Fields of a price sheet.
const std::vector<MappingField> &priceSheetFields();

/// A table of fields with the column that feeds each, sample values beside it, and what is still missing.
class MappingEdit : public QWidget
{
    Q_OBJECT
public:
    explicit MappingEdit(QWidget *parent = nullptr);
    explicit MappingEdit(MappingPurpose purpose, QWidget *parent = nullptr);

    /// Builds the rows; fields of `value` that are not known ("tag:…") get rows of their own.
    void setContent(const std::vector<MappingField> &fields, const std::vector<MappingColumn> &columns,
                    const MappingValue &value);
    [[nodiscard]] const MappingValue &value() const { return m_value; }
    /// Labels of required fields that have neither a column nor a constant.
    [[nodiscard]] QStringList missing() const;
    /// Marks a field as one that is needed, or as one that is not.
    void setRequired(const QString &field, bool required);
    /// Says what is still needed in the words of whoever reads the file; an empty text: what missing() says.
    void setProblem(const QString &problem);
    /// Adds a row for the tag; false when there is one already or the name is empty.
    bool addTag(const QString &tag);

signals:
    /// The user changed the mapping.
    void edited(const perunit::MappingValue &value);

private:
    struct Row {
        MappingField field;
        QLabel *label = nullptr;
        ChoiceBox *column = nullptr;
        QLineEdit *constant = nullptr;
        QLabel *sample = nullptr;
    };
    void rebuild();
    void addRow(const MappingField &field, QGridLayout *grid, int line);
    void showRow(const Row &row);
    void showState();
    void columnChosen(std::size_t row, const std::string &choice);
    void constantTyped(std::size_t row, const QString &text);
    void askForTag();
    static MappingField extraField(const QString &name);
    void change(const MappingValue &value);
    [[nodiscard]] bool isFed(const QString &field) const;

    std::vector<MappingField> m_fields;
    std::vector<MappingColumn> m_columns;
    MappingPurpose m_purpose = MappingPurpose::Requests;
    MappingValue m_value;
    QString m_problem;
    std::vector<Row> m_rows;
    QWidget *m_table = nullptr;
    QLabel *m_state = nullptr;
    QCheckBox *m_includesCache = nullptr; ///< asked about requests only
};

} // namespace perunit
