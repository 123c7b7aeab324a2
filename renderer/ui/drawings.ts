import antenna from '@lobehub/fluent-emoji-3d/assets/1f4e1.webp';
import apple from '@lobehub/fluent-emoji-3d/assets/1f34e.webp';
import appleJuice from '@lobehub/fluent-emoji-3d/assets/1f9c3.webp';
import battery from '@lobehub/fluent-emoji-3d/assets/1f50b.webp';
import beer from '@lobehub/fluent-emoji-3d/assets/1f37a.webp';
import bento from '@lobehub/fluent-emoji-3d/assets/1f371.webp';
import bowlRice from '@lobehub/fluent-emoji-3d/assets/1f35a.webp';
import bubbleTea from '@lobehub/fluent-emoji-3d/assets/1f9cb.webp';
import burger from '@lobehub/fluent-emoji-3d/assets/1f354.webp';
import charger from '@lobehub/fluent-emoji-3d/assets/1f50c.webp';
import chocolate from '@lobehub/fluent-emoji-3d/assets/1f36b.webp';
import coconut from '@lobehub/fluent-emoji-3d/assets/1f965.webp';
import coffee from '@lobehub/fluent-emoji-3d/assets/2615.webp';
import cola from '@lobehub/fluent-emoji-3d/assets/1f964.webp';
import cookie from '@lobehub/fluent-emoji-3d/assets/1f36a.webp';
import croissant from '@lobehub/fluent-emoji-3d/assets/1f950.webp';
import curry from '@lobehub/fluent-emoji-3d/assets/1f35b.webp';
import doughnut from '@lobehub/fluent-emoji-3d/assets/1f369.webp';
import dumpling from '@lobehub/fluent-emoji-3d/assets/1f95f.webp';
import egg from '@lobehub/fluent-emoji-3d/assets/1f95a.webp';
import fries from '@lobehub/fluent-emoji-3d/assets/1f35f.webp';
import gift from '@lobehub/fluent-emoji-3d/assets/1f381.webp';
import headphones from '@lobehub/fluent-emoji-3d/assets/1f3a7.webp';
import hotPot from '@lobehub/fluent-emoji-3d/assets/1f372.webp';
import house from '@lobehub/fluent-emoji-3d/assets/1f3e0.webp';
import idCard from '@lobehub/fluent-emoji-3d/assets/1faaa.webp';
import lemon from '@lobehub/fluent-emoji-3d/assets/1f34b.webp';
import lock from '@lobehub/fluent-emoji-3d/assets/1f512.webp';
import mango from '@lobehub/fluent-emoji-3d/assets/1f96d.webp';
import map from '@lobehub/fluent-emoji-3d/assets/1f5fa-fe0f.webp';
import milk from '@lobehub/fluent-emoji-3d/assets/1f95b.webp';
import mooncake from '@lobehub/fluent-emoji-3d/assets/1f96e.webp';
import noodles from '@lobehub/fluent-emoji-3d/assets/1f35c.webp';
import pancakes from '@lobehub/fluent-emoji-3d/assets/1f95e.webp';
import panda from '@lobehub/fluent-emoji-3d/assets/1f43c.webp';
import peanuts from '@lobehub/fluent-emoji-3d/assets/1f95c.webp';
import phone from '@lobehub/fluent-emoji-3d/assets/1f4f1.webp';
import phoneIn from '@lobehub/fluent-emoji-3d/assets/1f4f2.webp';
import pie from '@lobehub/fluent-emoji-3d/assets/1f967.webp';
import plaster from '@lobehub/fluent-emoji-3d/assets/1fa79.webp';
import plateNoodles from '@lobehub/fluent-emoji-3d/assets/1f35d.webp';
import popcorn from '@lobehub/fluent-emoji-3d/assets/1f37f.webp';
import prawn from '@lobehub/fluent-emoji-3d/assets/1f364.webp';
import riceBall from '@lobehub/fluent-emoji-3d/assets/1f359.webp';
import riceCracker from '@lobehub/fluent-emoji-3d/assets/1f358.webp';
import sandwich from '@lobehub/fluent-emoji-3d/assets/1f96a.webp';
import shoppingBags from '@lobehub/fluent-emoji-3d/assets/1f6cd-fe0f.webp';
import signal from '@lobehub/fluent-emoji-3d/assets/1f4f6.webp';
import soap from '@lobehub/fluent-emoji-3d/assets/1f9fc.webp';
import socks from '@lobehub/fluent-emoji-3d/assets/1f9e6.webp';
import soup from '@lobehub/fluent-emoji-3d/assets/1f963.webp';
import suitcase from '@lobehub/fluent-emoji-3d/assets/1f9f3.webp';
import tea from '@lobehub/fluent-emoji-3d/assets/1f375.webp';
import teapot from '@lobehub/fluent-emoji-3d/assets/1fad6.webp';
import tissues from '@lobehub/fluent-emoji-3d/assets/1f9fb.webp';
import toothbrush from '@lobehub/fluent-emoji-3d/assets/1faa5.webp';
import truck from '@lobehub/fluent-emoji-3d/assets/1f69a.webp';
import umbrella from '@lobehub/fluent-emoji-3d/assets/2602-fe0f.webp';

/** The bundled drawings by the name that a catalogue uses. A name that is missing here gets the fallback of `Picture`. */
export const drawings: Readonly<Record<string, string>> = {
  antenna,
  apple,
  'apple-juice': appleJuice,
  battery,
  beer,
  bento,
  'bowl-rice': bowlRice,
  'bubble-tea': bubbleTea,
  burger,
  charger,
  chocolate,
  coconut,
  coffee,
  cola,
  cookie,
  croissant,
  curry,
  doughnut,
  dumpling,
  egg,
  fries,
  gift,
  headphones,
  'hot-pot': hotPot,
  house,
  'id-card': idCard,
  lemon,
  lock,
  mango,
  map,
  milk,
  mooncake,
  noodles,
  pancakes,
  panda,
  peanuts,
  phone,
  'phone-in': phoneIn,
  pie,
  plaster,
  'plate-noodles': plateNoodles,
  popcorn,
  prawn,
  'rice-ball': riceBall,
  'rice-cracker': riceCracker,
  sandwich,
  'shopping-bags': shoppingBags,
  signal,
  soap,
  socks,
  soup,
  suitcase,
  tea,
  teapot,
  tissues,
  toothbrush,
  truck,
  umbrella,
};
