/**
 * Which pages a context touches: real page streams, and streams drawn from real invocations for
 * recordings that have no addresses.
 */
package tollgate.replay.pages;
