// SPDX-License-Identifier: Apache-2.0
/**
 * What a broker sees of its controller: what it can be asked, the settings and ports it is made with, and the values of
 * questions and answers. What it does is in the packages below: {@code decide}, {@code order} and {@code loop}.
 */
package io.barnabas.coordination.controller;
