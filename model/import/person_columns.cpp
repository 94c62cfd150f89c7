// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/person_columns.h"

#include "model/import/person_token.h"

#include <algorithm>
#include <array>

namespace perunit {

namespace {

bool isPersonName(std::string_view name)
{
    constexpr std::array<std::string_view, 22> exact{
        "user",       "users",    "mail",     "login",      "userlogin", "actor",      "actorname",  "employee",
        "employeeid", "member",   "memberid", "membername", "person",    "personid",   "personname", "fullname",
        "firstname",  "lastname", "surname",  "ip",         "clientip",  "endusername"};
    constexpr std::array<std::string_view, 7> endings{"email",    "emailaddress", "userid",   "username",
                                                      "userhash", "ipaddress",    "useralias"};
    return std::find(exact.begin(), exact.end(), name) != exact.end()
           || std::any_of(endings.begin(), endings.end(),
                          [name](std::string_view ending) { return name.ends_with(ending); });
}

/// Last name of a path of JSON, normalised.
std::string lastName(const std::string &header)
{
    return normalisedName(std::string_view(header).substr(header.rfind('.') + 1));
}

int columnCalled(const TableShape &shape, const std::string &name)
{
    const auto exact = std::find(shape.header.begin(), shape.header.end(), name);
    if (exact != shape.header.end())
        return static_cast<int>(exact - shape.header.begin());
    return shape.indexOfLeaf(normalisedName(name));
}

bool isHashed(const ColumnMapping &mapping, const std::string &header)
{
    return std::find(mapping.hashed.begin(), mapping.hashed.end(), header) != mapping.hashed.end();
}

bool feedsText(const ColumnMapping &mapping, const std::string &header)
{
    return std::any_of(mapping.columns.begin(), mapping.columns.end(),
                       [&header](const auto &field) { return field.second == header; });
}

class HashingConverter : public RecordConverter
{
public:
    struct Column {
        int index = -1;
        std::string tag; ///< empty: the converter itself has a place for it
    };

    HashingConverter(std::unique_ptr<RecordConverter> inner, std::vector<Column> columns,
                     std::vector<std::string> names, PersonTokens tokens)
        : m_inner(std::move(inner))
        , m_columns(std::move(columns))
        , m_names(std::move(names))
        , m_tokens(std::move(tokens))
    {}

    [[nodiscard]] std::map<int, ColumnKind> columns() const override { return m_inner->columns(); }
    void observe(const CsvRecord &record) override { m_inner->observe(hashed(record)); }
    void decide(const std::map<int, ColumnReading> &readings, const std::string &currency) override
    {
        m_inner->decide(readings, currency);
    }
    Status convert(const CsvRecord &record, RowCollector &rows) override
    {
        const CsvRecord &safe = hashed(record);
        Tags tags;
        for (const Column &column : m_columns) {
            const std::string_view token = safe.fields[static_cast<std::size_t>(column.index)];
            if (!column.tag.empty() && !token.empty())
                tags.emplace_back(column.tag, token);
        }
        rows.setRecord(safe, std::move(tags));
        return m_inner->convert(safe, rows);
    }
    [[nodiscard]] std::unique_ptr<RecordConverter> clone() const override
    {
        auto inner = m_inner->clone();
        return inner ? std::make_unique<HashingConverter>(std::move(inner), m_columns, m_names, m_tokens) : nullptr;
    }
    void absorb(const RecordConverter &other) override
    {
        m_inner->absorb(*dynamic_cast<const HashingConverter &>(other).m_inner);
    }
    [[nodiscard]] bool needsOrder() const override { return m_inner->needsOrder(); }
    void finish(RowCollector &rows) override { m_inner->finish(rows); }
    [[nodiscard]] std::string usageConvention() const override { return m_inner->usageConvention(); }
    [[nodiscard]] int personColumn() const override { return m_inner->personColumn(); }
    [[nodiscard]] ColumnMapping mapping() const override
    {
        ColumnMapping mapping = m_inner->mapping();
        mapping.hashed = m_names;
        return mapping;
    }

private:
    /// The record without any clear text of a hashed column; lives until the next call.
    const CsvRecord &hashed(const CsvRecord &record)
    {
        m_record = record;
        m_texts.resize(m_columns.size());
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            std::string_view &field = m_record.fields[static_cast<std::size_t>(m_columns[i].index)];
            m_texts[i].assign(m_tokens.of(field));
            field = m_texts[i];
        }
        return m_record;
    }

    std::unique_ptr<RecordConverter> m_inner;
    std::vector<Column> m_columns;
    std::vector<std::string> m_names;
    PersonTokens m_tokens;
    CsvRecord m_record;
    std::vector<std::string> m_texts;
};

} // namespace

bool isPersonColumn(const TableShape &shape, int column)
{
    const auto index = static_cast<std::size_t>(column);
    return isPersonName(shape.normalised[index]) || (shape.json && isPersonName(lastName(shape.header[index])));
}

Result<std::vector<std::string>> hashedColumns(const TableShape &shape, const ColumnMapping &mapping,
                                               const std::vector<std::string> &names)
{
    std::vector<std::string> result;
    for (const std::string &name : names) {
        int column = columnCalled(shape, name);
        if (const auto field = mapping.columns.find(name); column < 0 && field != mapping.columns.end())
            column = columnCalled(shape, field->second);
        if (column < 0)
            return Error{ErrorCode::BadInput, "the file has no column '" + name + "' to be hashed", "",
                         "name a column of the header"};
        const std::string &header = shape.header[static_cast<std::size_t>(column)];
        if (std::find(result.begin(), result.end(), header) == result.end())
            result.push_back(header);
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<PersonColumn> personColumns(const TableShape &shape, const ColumnMapping &mapping,
                                        const RecordConverter &converter)
{
    std::vector<PersonColumn> result;
    const auto kinds = converter.columns();
    for (std::size_t i = 0; i < shape.header.size(); ++i) {
        const int column = static_cast<int>(i);
        const std::string &header = shape.header[i];
        if (isHashed(mapping, header))
            result.push_back({header, PersonColumn::Fate::Hashed});
        else if (!kinds.contains(column) && isPersonColumn(shape, column))
            result.push_back({header, converter.personColumn() == column || feedsText(mapping, header)
                                          ? PersonColumn::Fate::Kept
                                          : PersonColumn::Fate::Dropped});
    }
    return result;
}

Result<std::unique_ptr<RecordConverter>> withHashedColumns(std::unique_ptr<RecordConverter> converter,
                                                           const TableShape &shape,
                                                           const std::vector<std::string> &columns,
                                                           std::string_view key)
{
    const auto kinds = converter->columns();
    const ColumnMapping mapping = converter->mapping();
    std::vector<HashingConverter::Column> places;
    for (const std::string &name : columns) {
        const int index = columnCalled(shape, name);
        if (index < 0)
            return Error{ErrorCode::BadInput, "the file has no column '" + name + "' to be hashed", "",
                         "name a column of the header"};
        if (kinds.contains(index))
            return Error{ErrorCode::BadInput,
                         "the column '" + name + "' is read as a number, a time or a currency and cannot be hashed", "",
                         "name a column of texts"};
        places.push_back({index, feedsText(mapping, name) ? std::string() : name});
    }
    return std::unique_ptr<RecordConverter>(
        std::make_unique<HashingConverter>(std::move(converter), std::move(places), columns, PersonTokens(key)));
}

} // namespace perunit
