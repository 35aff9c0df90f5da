/**
 * All words that the console shows, by area. To translate it, translate the files of this folder.
 *
 * `t` is a module's namespace and no object, so that a page loads the words of its own areas only.
 */
export * as t from "./all";
