package io.lakeprop.spark;

/**
 * A file of a table that cannot be read from its first row to its last.
 *
 * @param reason in one line
 */
public record UnreadableFile(String path, String reason) {}
