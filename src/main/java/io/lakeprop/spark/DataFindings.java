package io.lakeprop.spark;

import io.lakeprop.data.NotFiniteCounts;
import io.lakeprop.spark.TrainingData.Split;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What was wrong with the tables and let pass, because the job says so.
 *
 * @param notFinite numbers of the training rows that count as missing, by column
 * @param withoutLabel rows that were skipped, by split
 * @param ofRareClasses rows of rare classes that were left out, by split
 * @param joinedClasses how many rare classes have become one, by label
 * @param unreadable files that were skipped, by the table's split; those of the training table
 *     stand under TRAIN, whatever splits are taken from it
 * @param malformed records left out or cells that became missing, by the table's split
 * @param marks texts that count as missing, by the table's split: column, text, cells
 * @param useless columns that are left out, and why
 * @param ids columns of whole numbers that are all different
 */
public record DataFindings(
    Map<String, NotFiniteCounts> notFinite,
    Map<Split, Long> withoutLabel,
    Map<Split, Long> ofRareClasses,
    Map<String, Long> joinedClasses,
    Map<Split, List<UnreadableFile>> unreadable,
    Map<Split, Long> malformed,
    Map<Split, Map<String, Map<String, Long>>> marks,
    SortedMap<String, String> useless,
    SortedSet<String> ids) {}
