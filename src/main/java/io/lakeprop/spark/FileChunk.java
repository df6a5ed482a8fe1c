package io.lakeprop.spark;

/** A range of a file's bytes that one task reads. */
interface FileChunk {
  /** The file. */
  String path();
}
