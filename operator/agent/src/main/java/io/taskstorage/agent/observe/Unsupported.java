package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.ObjectKey;

/**
 * An object that the API server holds and this version does not wholly know, so that all of it is
 * refused.
 *
 * @param key which object
 * @param uid its UID
 * @param generation the generation that is refused
 */
public record Unsupported(ObjectKey key, String uid, long generation) {}
