// SPDX-License-Identifier: GPL-3.0-or-later
// Prices of what stands around the models, in our own form.
#include "pricing/catalogue/own_parts.h"

namespace perunit {

Result<HarnessPrice> readHarnessPrice(const JsonValue &object, const std::string &path, const FactOrigin &outer)
{
    JsonMembers members(object, path,
                        {"id", "component", "provider", "product", "region", "to_region", "unit", "price", "lowest",
                         "highest", "above", "valid_from", "valid_to", "source", "checked", "grade", "note"});
    HarnessPrice result;
    result.id = members.requiredText("id");
    const std::string component = members.requiredText("component");
    if (const auto known = harnessComponentNamed(component))
        result.component = *known;
    else if (members.ok())
        members.fail("'" + component + "' is not a component", members.pathOf("component"), "use a name of the schema");
    result.provider = members.requiredText("provider");
    result.product = members.requiredText("product");
    result.region = members.text("region");
    result.toRegion = members.text("to_region");
    result.unit = members.requiredText("unit");
    result.above = members.count("above");
    result.valid = members.validity();
    const auto price = members.price("price");
    const auto lowest = members.price("lowest");
    const auto highest = members.price("highest");
    if (price.has_value() == (lowest.has_value() || highest.has_value()) || lowest.has_value() != highest.has_value())
        members.fail("there is either a price, or a lowest and a highest one", path);
    result.lowest = price ? *price : lowest.value_or(UnitPrice{});
    result.highest = price ? *price : highest.value_or(UnitPrice{});
    if (result.highest.femto < result.lowest.femto)
        members.fail("the highest price is below the lowest", path);
    const FactOrigin origin = FactOrigin::readFrom(members, outer);
    result.source = origin.source;
    result.checked = origin.checked;
    result.grade = origin.grade;
    result.note = members.text("note");
    if (!members.ok())
        return members.status().error();
    return result;
}

} // namespace perunit
