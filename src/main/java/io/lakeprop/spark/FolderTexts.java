package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What folders such as {@code city=Z%C3%BCrich} say. Hive and Spark write a character that a file
 * system may not take as % and two hex digits, and leave others; Arrow writes every byte of a
 * character beyond ASCII in UTF-8 so, which Spark reads as a character each. These are kept here,
 * so that its columns can be mended.
 */
final class FolderTexts {
  private final Map<String, String> names = new TreeMap<>();
  private final Map<String, Map<String, String>> values = new TreeMap<>();

  /** Names of columns that Spark reads otherwise: its own, and the right ones. */
  Map<String, String> names() {
    return names;
  }

  /** Of columns by their right names the values that Spark reads otherwise, to the right ones. */
  Map<String, Map<String, String>> values() {
    return values;
  }

  /** The text of a column's name as it stands in a folder's. */
  String name(String written) {
    String right = unescaped(written);
    String sparks = byCharacters(written);
    if (!right.equals(sparks)) {
      names.put(sparks, right);
    }
    return right;
  }

  /**
   * The text of a value as it stands in a folder's name.
   *
   * @param column by its right name
   * @param folder for messages
   */
  String value(String column, String written, String folder) {
    String right = unescaped(written);
    String sparks = byCharacters(written);
    Map<String, String> own = values.computeIfAbsent(column, key -> new HashMap<>());
    String other = own.putIfAbsent(sparks, right);
    if (other != null && !other.equals(right)) {
      throw new InvalidInput(
          "folder %s must have a name that says one thing, however: \"%s\" is \"%s\" here and \"%s\" in another folder"
              .formatted(folder, written, right, other));
    }
    return right;
  }

  /** Whether Spark reads each value of a column as it should. */
  boolean isRead(String column) {
    return values.getOrDefault(column, Map.of()).entrySet().stream()
        .allMatch(own -> own.getKey().equals(own.getValue()));
  }

  /** Bytes that are UTF-8 together are its characters, others a character each. */
  private static String unescaped(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); ) {
      ByteArrayOutputStream run = new ByteArrayOutputStream();
      for (; code(name, i) >= 0; i += 3) {
        run.write(code(name, i));
      }
      text.append(decoded(run.toByteArray()));
      if (i < name.length()) {
        text.append(name.charAt(i++));
      }
    }
    return text.toString();
  }

  private static CharSequence decoded(byte[] run) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run));
    } catch (CharacterCodingException e) {
      return new String(run, StandardCharsets.ISO_8859_1);
    }
  }

  /** As Spark does it. */
  private static String byCharacters(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      int code = code(name, i);
      text.append(code >= 0 ? (char) code : name.charAt(i));
      i += code >= 0 ? 2 : 0;
    }
    return text.toString();
  }

  /** The byte that is written as % and two hex digits; -1 where there is none. */
  private static int code(String name, int at) {
    if (at + 2 >= name.length() || name.charAt(at) != '%') {
      return -1;
    }
    int high = Character.digit(name.charAt(at + 1), 16);
    int low = Character.digit(name.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : 16 * high + low;
  }
}
