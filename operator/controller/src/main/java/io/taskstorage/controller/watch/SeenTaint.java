package io.taskstorage.controller.watch;

import java.io.Serializable;

/**
 * A taint of a Node; what is absent is empty.
 *
 * @param timeAdded as the server writes it
 */
public record SeenTaint(String key, String value, String effect, String timeAdded)
    implements Serializable {}
