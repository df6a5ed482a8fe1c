package io.lakeprop.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Safetensors files by hand, right or wrong. */
final class Shaped {
  private Shaped() {}

  /** A header as it stands and a number of data bytes. */
  static byte[] file(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(json.length, json, data);
  }

  /** The same with any length before it. */
  static byte[] file(long length, byte[] json, int data) {
    byte[] file = new byte[8 + json.length + data];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json);
    return file;
  }
}
