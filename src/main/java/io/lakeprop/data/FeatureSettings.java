package io.lakeprop.data;

import java.util.List;
import java.util.Map;

/**
 * What the job says of its features as a whole; a table's schema turns it into a {@link
 * FeatureSpec} a column.
 *
 * @param include columns to use; empty for all but label and weight
 * @param exclude columns to leave out
 * @param numeric defaults of number columns; the name is not used
 * @param vector defaults of array columns; the name is not used
 * @param categorical defaults of text columns; the name is not used
 * @param columns what is said of single columns, by name
 * @param useless what becomes of columns from which nothing can be learnt
 */
public record FeatureSettings(
    List<String> include,
    List<String> exclude,
    FeatureSpec.Numeric numeric,
    FeatureSpec.Vector vector,
    FeatureSpec.Categorical categorical,
    Map<String, FeatureSpec> columns,
    UselessColumns.Treatment useless) {}
