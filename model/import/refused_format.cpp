// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/import/ledger_format.h"

#include <algorithm>
#include <vector>

namespace perunit {

namespace {

/// Files that come beside bills and hold no charges. Read by anything else they would be wrong numbers or a riddle.
struct RefusedFile {
    std::vector<std::string_view> columns; ///< normalised; all of them
    std::string_view what;
    std::string_view remedy;
};

const std::vector<RefusedFile> &refusedFiles()
{
    static const std::vector<RefusedFile> table{
        {{"contractcommitmentid", "contractcommitmentcost"},
         "this is a FOCUS contract commitment file, which holds contracts and no charges",
         "import the cost and usage file of the same export"},
        {{"reportkeys", "assemblyid"},
         "this is the manifest of an AWS Cost and Usage Report",
         "import the folder that it stands in, or the files that it names"},
        {{"datafiles", "executionid"},
         "this is the manifest of an AWS data export",
         "import the folder that it stands in, or the files that it names"},
        {{"manifestversion", "blobs"},
         "this is the manifest of an Azure cost export",
         "import the folder that it stands in, or the files that it names"},
        {{"lineitemreferenceno", "usageconsumedquantity"},
         "this is an Oracle Cloud usage report, which holds no costs",
         "import the cost report of the same days"}};
    return table;
}

const RefusedFile *refusedFile(const TableShape &shape)
{
    // The cost report of Oracle has the columns of the usage report as well.
    if (shape.indexOf("costmycost") >= 0)
        return nullptr;
    const auto found = std::find_if(refusedFiles().begin(), refusedFiles().end(), [&shape](const RefusedFile &file) {
        return std::all_of(file.columns.begin(), file.columns.end(),
                           [&shape](std::string_view column) { return shape.indexOf(column) >= 0; });
    });
    return found == refusedFiles().end() ? nullptr : &*found;
}

class RefusedFormat : public LedgerFormat
{
public:
    [[nodiscard]] std::string_view id() const override { return refusedFormatId; }
    [[nodiscard]] std::string_view label() const override { return "File beside a bill, without charges"; }
    [[nodiscard]] FormatMatch match(const TableShape &shape) const override
    {
        const RefusedFile *file = refusedFile(shape);
        return file ? FormatMatch{100, std::string(file->what)} : FormatMatch{};
    }
    [[nodiscard]] Result<std::unique_ptr<RecordConverter>> converter(const TableShape &shape, const ColumnMapping &,
                                                                     bool) const override
    {
        const RefusedFile *file = refusedFile(shape);
        return Error{ErrorCode::Unsupported, file ? std::string(file->what) : "this is no ledger", "",
                     file ? std::string(file->remedy) : "choose another format"};
    }
};

} // namespace

std::unique_ptr<LedgerFormat> refusedFormat()
{
    return std::make_unique<RefusedFormat>();
}

} // namespace perunit
