package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** No text from elsewhere commands a terminal. */
class PrintableTest {
  @Test
  void whatCommandsIsShown() {
    assertEquals("a\\u001b[31mb", Printable.line("a\u001b[31mb"));
    assertEquals("x\\u000aerror: y\\u000d", Printable.line("x\nerror: y\r"));
    assertEquals("\\u202egpj.exe\\u2066", Printable.line("\u202egpj.exe\u2066"));
    assertEquals("\\u009b2J\\u0000\\u007f", Printable.line("\u009b2J\0\u007f"));
    assertEquals("\\u2028\\u2029\\ufeff\\ud83d", Printable.line("\u2028\u2029\ufeff\ud83d"));
    assertEquals("\\ue0041", Printable.line(new String(Character.toChars(0xe0041))));
  }

  /** Two names that look alike are told apart in a refusal. */
  @Test
  void aRefusalShowsWhatNobodySees() {
    assertEquals(
        "na\\u200cme a\\u00ad\\u0009\\u000a größe",
        new InvalidInput("na\u200cme a\u00ad\t\n größe").getMessage());
    String most = "🙂".repeat(20_000);
    assertEquals(most, new InvalidInput(most).getMessage());
    assertEquals(most + "...", new InvalidInput(most + "x").getMessage());
  }

  @Test
  void lettersOfAllScriptsStay() {
    for (String text : new String[] {"größe", "نام\u200cها", "字段", "🙂", "a\tb", "n\u0303"}) {
      assertEquals(text, Printable.line(text));
      assertEquals(text, Printable.lines(text));
    }
    assertEquals("a\rb\n", Printable.lines("a\rb\n"));
  }
}
