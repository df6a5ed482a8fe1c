package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.spark.LakepropPlugin;
import org.junit.jupiter.api.Test;

/** What a session adds to a user's settings. */
final class SessionsTest {
  private static final String OURS = LakepropPlugin.class.getName();

  @Test
  void ourPluginJoinsThoseOfTheUser() {
    assertEquals(OURS, Sessions.withOurs(""));
    assertEquals(OURS, Sessions.withOurs(OURS));
    assertEquals("com.example.Own," + OURS, Sessions.withOurs("com.example.Own"));
    String both = OURS + " , com.example.Own";
    assertEquals(both, Sessions.withOurs(both));
  }
}
